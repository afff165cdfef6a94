import { ErrorCode, RpcError } from "../../core/protocol/rpc-error.ts";
import type { Repl } from "./repl.ts";
import { parseSnapshot, type ShellSnapshot } from "./shell-snapshot.ts";

/** Takes over where a line left the shell, and removes the file that said so. A line without one changes nothing. */
export async function collectState(repl: Repl, stateFile: string): Promise<void> {
  const snapshot = await readSnapshot(repl, stateFile);
  if (snapshot !== undefined) repl.shell.apply(snapshot);
}

async function readSnapshot(repl: Repl, stateFile: string): Promise<ShellSnapshot | undefined> {
  const { client } = repl;
  try {
    const bytes = await client.files.readFile(stateFile);
    repl.tidy(Promise.resolve(client.files.remove(stateFile)));
    return parseSnapshot(bytes);
  } catch (error) {
    if (error instanceof RpcError && error.code === ErrorCode.notFound) return undefined;
    throw error;
  }
}
