import { fstatSync } from "node:fs";
import { isatty } from "node:tty";
import type { ExecClient } from "../../core/client/connect-client.ts";
import type { RemoteProcess } from "../../core/process/remote/remote-process.ts";
import { StdinClosedError } from "../../core/process/remote/remote-stdin.ts";
import { LinkLostError, UnsupportedError } from "../../core/rpc/remote-calls.ts";
import { describeError } from "../describe-error.ts";
import { say } from "./say.ts";

/** Ctrl-C as the terminal types it in raw mode. */
const interrupt = 3;
/** Ctrl-], as in telnet and in the consoles of virtual machines. */
export const leaveKey = 0x1d;
/** Major and minor number of /dev/null on Linux, as stat gives them. */
const nullDevice = 0x103;

export interface StdinPipe {
  readonly client: ExecClient;
  readonly process: RemoteProcess;
  /** The user wants out while the link is down. */
  giveUp(reason: string): void;
  /** Goes away from a command that can be gone back to, which Ctrl-] asks for. Absent: the command gets it. */
  readonly leave: ((exitCode: number) => void) | undefined;
}

/** False where stdin is known to hold nothing: then the command's is at its end from the start. */
export function hasStdin(): boolean {
  try {
    const stat = fstatSync(0);
    return !(stat.isCharacterDevice() && stat.rdev === nullDevice) && !(stat.isFile() && stat.size === 0);
  } catch {
    return false;
  }
}

/** Waits for the key that leaves a command which reads nothing: whatever else is typed is nobody's. */
export async function awaitLeaveKey(leave: (exitCode: number) => void): Promise<void> {
  try {
    for await (const bytes of Bun.stdin.stream()) if (bytes.includes(leaveKey)) return leave(0);
  } catch {
    // The terminal has gone: there is no key to wait for.
  }
}

/** Sends our stdin to the command until either ends. Never rejects and holds nothing up. */
export function pipeStdin(pipe: StdinPipe): void {
  pump(pipe).catch((error: unknown) => {
    // The command has stopped reading or is gone: as with a local pipe, what is left over is nobody's.
    if (error instanceof StdinClosedError || error instanceof LinkLostError) return;
    if (error instanceof UnsupportedError) {
      say("this server cannot close the stdin of a command, so a command that reads to the end will wait");
      return;
    }
    say(`stdin cannot be passed on: ${describeError(error)}`);
  });
}

async function pump({ client, process, giveUp, leave }: StdinPipe): Promise<void> {
  if (!process.tty && !hasStdin()) return;
  const terminal = isatty(0);
  for await (const bytes of Bun.stdin.stream()) {
    if (process.over) return;
    if (terminal && process.tty && client.state.kind !== "ready" && bytes.includes(interrupt)) {
      giveUp("given up with Ctrl-C while it was down; the command may still be running");
      return;
    }
    if (terminal && leave !== undefined && bytes.includes(leaveKey)) return leave(0);
    const written = process.stdin.write(bytes);
    // Keys are few, and a Ctrl-C behind those that wait for the link must be seen.
    if (terminal) written.catch(() => {});
    else await written;
  }
  await process.stdin.end();
}
