import { randomBytes } from "node:crypto";
import type { ProgramSpec } from "../../client/program.ts";
import { startProgram } from "../../client/start-program.ts";
import type { Carrier } from "./carrier.ts";
import { Conversation } from "./conversation.ts";
import { InstallError } from "./install-error.ts";

/** The other side of a carrier, as far as a shell there is concerned. */
export interface TargetShell {
  /** What people call it: `ssh me@box`. */
  readonly name: string;
  readonly carrier: Carrier;
  /** Laid over our own variables for the carrier, which may need them to find its way. */
  readonly env?: ProgramSpec["env"];
  readonly cwd?: string;
}

/** Runs a script of ours over there, with its arguments from $2 on. Rejects with {@link InstallError}. */
export async function startScript(
  { name, carrier, env, cwd }: TargetShell,
  script: string,
  words: readonly string[] = [],
): Promise<Conversation> {
  const nonce = `codex-env-${randomBytes(8).toString("hex")}`;
  const argv = carrier.argvFor(["sh", "-c", script, "codex-env", nonce, ...words]);
  try {
    const options = { ...(env === undefined ? {} : { env }), ...(cwd === undefined ? {} : { cwd }) };
    return new Conversation(await startProgram({ argv, ...options }), { nonce, name });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InstallError(`cannot start ${argv[0]}: ${reason}`, { cause: error });
  }
}
