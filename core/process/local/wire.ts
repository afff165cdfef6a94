import type { SpawnPlan } from "../spawned-process.ts";

/** What exec needs of a command. */
export type Command = Pick<SpawnPlan, "argv" | "arg0" | "cwd" | "env">;

/** The other side of guardian/wire.h; guardian/README.md tells the rules. */
const requestMagic = 0x47435833;
const requestBytes = 32;
const Flag = { pty: 1, pump: 2, executable: 4 } as const;

/** Bytes of one event; they are always written whole. */
export const eventBytes = 16;

export const EventKind = { started: 1, failed: 2, exited: 3, empty: 4, shimDied: 5, moved: 6 } as const;

export const Order = { signal: 1, kill: 2, move: 3 } as const;

const stages = { 1: "cwd", 2: "exec", 3: "stdio" } as const;

/** What was being done when the guardian could not go on. */
export function stageOf(code: number): "cwd" | "exec" | "stdio" {
  return code === 1 || code === 2 ? stages[code] : stages[3];
}

export interface StartRequest {
  readonly token: number;
  /** `own`: stdio is a terminal. `handed`: the command gets one among its inherited descriptors. */
  readonly terminal: "none" | "own" | "handed";
  readonly executable: boolean;
  readonly inherited: number;
  readonly kept: number;
  readonly blobBytes: number;
  /** Soft limit of open files for the command; 0 leaves it as it is. */
  readonly openFiles: number;
}

/** The datagram that asks for one start. */
export function encodeRequest(request: StartRequest): Uint8Array {
  const bytes = new Uint8Array(requestBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, requestMagic, true);
  view.setUint32(4, request.token, true);
  view.setUint32(8, flagsOf(request), true);
  view.setUint32(12, request.blobBytes, true);
  view.setBigUint64(16, BigInt(request.openFiles), true);
  view.setUint32(24, request.inherited, true);
  view.setUint32(28, request.kept, true);
  return bytes;
}

function flagsOf(request: StartRequest): number {
  const terminal = { none: 0, own: Flag.pty, handed: Flag.pump }[request.terminal];
  return terminal | (request.executable ? Flag.executable : 0);
}

/** The command itself: counts, then NUL-terminated cwd, program, arguments, `NAME=VALUE`s. No string may hold a NUL. */
export function encodeBlob(plan: Command): Uint8Array {
  const [program, ...rest] = plan.argv;
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint32(0, plan.argv.length, true);
  view.setUint32(4, plan.env.length, true);
  const cwd = typeof plan.cwd === "string" ? Buffer.from(plan.cwd) : plan.cwd;
  const strings = ["", program, plan.arg0 ?? program, ...rest, ...environmentStrings(plan), ""];
  return Buffer.concat([head, cwd, Buffer.from(strings.join("\0"))]);
}

/** The environment as exec takes it: `NAME=VALUE` each. */
export function environmentStrings(plan: Command): string[] {
  return plan.env.map(([name, value]) => `${name}=${value}`);
}

export interface GuardianEvent {
  readonly token: number;
  readonly kind: number;
  readonly a: number;
  readonly b: number;
}

/** Cuts the event pipe's bytes into events; a read may end in the middle of one. */
export class EventDecoder {
  #rest = new Uint8Array(0);

  *decode(chunk: Uint8Array): Generator<GuardianEvent> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let offset = 0;
    for (; offset + eventBytes <= bytes.length; offset += eventBytes) {
      yield {
        token: view.getUint32(offset, true),
        kind: view.getUint32(offset + 4, true),
        a: view.getInt32(offset + 8, true),
        b: view.getInt32(offset + 12, true),
      };
    }
    this.#rest = bytes.slice(offset);
  }
}
