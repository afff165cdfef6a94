import type { SpawnPlan } from "../spawned-process.ts";

/** The other side of guardian/wire.h; guardian/README.md tells the rules. */
const requestMagic = 0x47435832;
const requestBytes = 24;
const ptyFlag = 1;

/** Bytes of one event; they are always written whole. */
export const eventBytes = 16;

export const EventKind = { started: 1, failed: 2, exited: 3, empty: 4, shimDied: 5 } as const;

export const Order = { signal: 1, kill: 2 } as const;

const stages = { 1: "cwd", 2: "exec", 3: "stdio" } as const;

/** What was being done when the guardian could not go on. */
export function stageOf(code: number): "cwd" | "exec" | "stdio" {
  return code === 1 || code === 2 ? stages[code] : stages[3];
}

export interface StartRequest {
  readonly token: number;
  readonly pty: boolean;
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
  view.setUint32(8, request.pty ? ptyFlag : 0, true);
  view.setUint32(12, request.blobBytes, true);
  view.setBigUint64(16, BigInt(request.openFiles), true);
  return bytes;
}

/** The command itself: counts, then NUL-terminated cwd, program, arguments, `NAME=VALUE`s. No string may hold a NUL. */
export function encodeBlob(plan: SpawnPlan): Uint8Array {
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
export function environmentStrings(plan: SpawnPlan): string[] {
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
