import { InputClosedError, type OutputSource, SpawnError } from "../process/spawned-process.ts";
import { withoutOwnSecrets } from "./without-own-secrets.ts";

/** A command with pipes for stdin, stdout and stderr, in a process group of its own. */
export interface Program {
  readonly stdout: Pick<OutputSource, "read">;
  readonly stderr: Pick<OutputSource, "read">;
  /** Resolves when the kernel has taken every byte; rejects once nobody can read it. */
  write(bytes: Uint8Array): Promise<void>;
  closeInput(): void;
  /** How it ended, as the end of a sentence: `exit code 3`. Never rejects. */
  readonly ended: Promise<string>;
  /** SIGTERM to its process group. */
  terminate(): void;
  /** SIGKILL to it and to all that descends from it; resolves when none of them is left. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ProgramSpec {
  readonly argv: readonly [string, ...string[]];
  /** Laid over our own variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: ours. */
  readonly cwd?: string;
}

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
