import type { Example } from "./examples.ts";

/** Stands between the outputs of two steps: no program prints it. */
const separator = "\u001e";

export interface RunPlace {
  /** An empty directory to run in, which is also the home. */
  readonly directory: string;
  /** The folder that holds `codex-env`. */
  readonly binaries: string;
}

/** Runs the steps of an example in one bash and resolves to what each printed, stdout and stderr together. */
export async function runExample(example: Example, place: RunPlace): Promise<readonly string[]> {
  const script = example.steps
    .map(({ command }) => `${command}\n{ status=$?; printf '${separator}'; (exit $status); }\n`)
    .join("");
  const shell = Bun.spawn(["bash", "-c", `exec 2>&1\n${script}`], {
    cwd: place.directory,
    env: {
      PATH: `${place.binaries}:${process.env["PATH"] ?? "/usr/bin:/bin"}`,
      HOME: place.directory,
      LC_ALL: "C.UTF-8",
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
  });
  const printed = await shell.stdout.text();
  await shell.exited;
  return printed.split(separator).slice(0, example.steps.length);
}
