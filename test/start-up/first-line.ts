/** Milliseconds from the start of a program to its first line on stdout. The program is ended then. */
export async function firstLineMs(command: readonly string[]): Promise<number> {
  const begun = performance.now();
  const child = Bun.spawn([...command], { stdin: "ignore", stdout: "pipe", stderr: "ignore" });
  let said = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (said.includes("\n")) break;
  }
  const ms = performance.now() - begun;
  child.kill("SIGKILL");
  await child.exited;
  if (!said.includes("\n")) throw new Error(`${command.join(" ")} ended without a line`);
  return ms;
}

/** The best time of each program, run by turns so that a busy machine hits all of them. */
export async function bestFirstLinesMs<Name extends string>(
  commands: Readonly<Record<Name, readonly string[]>>,
  rounds: number,
): Promise<Record<Name, number>> {
  // The keys are those of `commands`.
  const names = Object.keys(commands) as Name[];
  const best = new Map<Name, number>(names.map((name) => [name, Number.POSITIVE_INFINITY]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      best.set(name, Math.min(best.get(name) ?? 0, await firstLineMs(commands[name])));
    }
  }
  // Every key has been set above.
  return Object.fromEntries(best) as Record<Name, number>;
}
