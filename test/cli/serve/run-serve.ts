import { ourServerCommand } from "../../support/our-program.ts";

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `codex-env serve` with the input on its stdin until it ends by itself. */
export async function runServe(flags: readonly string[], input = ""): Promise<Finished> {
  const child = Bun.spawn([...ourServerCommand(), ...flags], {
    stdin: new TextEncoder().encode(input),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { exitCode, stdout, stderr };
}
