/** One line of a ```console block that starts with `$`, and what is expected to be printed after it. */
export interface Step {
  readonly command: string;
  readonly expected: string;
}

/** One ```console block: its steps run in one shell, one after the other. */
export interface Example {
  /** The heading that it stands under. */
  readonly title: string;
  readonly steps: readonly Step[];
}

/** Every ```console block of a Markdown text. */
export function consoleExamples(markdown: string): readonly Example[] {
  const examples: Example[] = [];
  let title = "";
  for (const [, heading, body] of markdown.matchAll(/^#+ (.*)$|^```console\n([\s\S]*?)^```$/gm)) {
    if (heading !== undefined) title = heading;
    else if (body !== undefined) examples.push({ title, steps: stepsOf(body) });
  }
  return examples;
}

function stepsOf(body: string): readonly Step[] {
  return body
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const [command = "", ...output] = text.split("\n");
      return { command, expected: output.join("\n") };
    });
}
