import { ErrorCode, RpcError } from "../../core/protocol/rpc-error.ts";
import { LinkLostError } from "../../core/rpc/remote-calls.ts";
import { describeError } from "../describe-error.ts";
import type { Job } from "./job.ts";
import type { Repl } from "./repl.ts";
import { ownKeys, parseSnapshot, type ShellSnapshot } from "./shell-snapshot.ts";

/**
 * Takes over where a line left the shell, and removes the file that said so. A line without one changes nothing. Where
 * the server does not let us have it the state of before stays, which is told. Rejects only with LinkLostError.
 */
export async function collectState(repl: Repl, job: Job): Promise<void> {
  if (job.stateFile === undefined) return;
  const snapshot = await readSnapshot(repl, job);
  if (snapshot === undefined) return;
  job.place.shell.apply(snapshot);
  repl.terminal?.giveBack(ownKeys(snapshot.typeAhead, job.typed));
}

async function readSnapshot(repl: Repl, { place, stateFile = "" }: Job): Promise<ShellSnapshot | undefined> {
  const { client } = place;
  try {
    const bytes = await client.files.readFile(stateFile);
    place.tidy(Promise.resolve(client.files.remove(stateFile)));
    return parseSnapshot(bytes);
  } catch (error) {
    if (error instanceof LinkLostError) throw error;
    if (!(error instanceof RpcError && error.code === ErrorCode.notFound)) {
      repl.screen.note(`directory and variables stay those of before the line: ${describeError(error)}`);
    }
    return undefined;
  }
}
