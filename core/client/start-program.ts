import { InputClosedError, SpawnError } from "../process/spawned-process.ts";
import type { Program, ProgramSpec } from "./program.ts";
import { withoutOwnSecrets } from "./without-own-secrets.ts";

/** Starts a command under a guardian, so that its whole tree ends when we do, however we end. Rejects where it cannot. */
export async function startProgram(spec: ProgramSpec): Promise<Program> {
  if (process.platform !== "linux") {
    const { startPlainProgram } = await import("./plain-program.ts");
    return startPlainProgram(spec);
  }
  const { createGuardedSpawner } = await import("../process/local/guarded-spawner.ts");
  const spawner = createGuardedSpawner();
  try {
    const child = await spawner.spawn({
      argv: spec.argv,
      cwd: spec.cwd ?? process.cwd(),
      env: Object.entries({ ...withoutOwnSecrets(process.env), ...spec.env }),
      stdio: { kind: "pipes", stdin: true },
    });
    const { input } = child;
    const source = (name: "stdout" | "stderr") =>
      child.outputs.find((output) => output.name === name) ?? { read: async () => null };
    return {
      stdout: source("stdout"),
      stderr: source("stderr"),
      async write(bytes) {
        if (input === undefined) throw new InputClosedError("it has no stdin");
        await input.write(bytes);
      },
      closeInput: () => input?.end(),
      ended: child.exited.then((status) =>
        status.kind === "exited" ? `exit code ${status.code}` : `an unknown exit code (${status.reason})`,
      ),
      terminate: () => child.signal(15),
      async [Symbol.asyncDispose]() {
        child.killTree();
        input?.close();
        await spawner[Symbol.asyncDispose]();
        for (const output of child.outputs) output.close();
      },
    };
  } catch (error) {
    await spawner[Symbol.asyncDispose]();
    throw error instanceof SpawnError ? error : new Error(String(error), { cause: error });
  }
}
