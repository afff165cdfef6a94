import { referenceProgram } from "../../conformance/side.ts";

/** Whether the published client starts with the files of this CODEX_HOME. */
export async function isTakenByCodex(home: string): Promise<boolean> {
  const env = { PATH: process.env["PATH"], HOME: home, CODEX_HOME: home };
  const child = Bun.spawn([referenceProgram(), "app-server"], {
    env,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  return (await child.exited) === 0;
}
