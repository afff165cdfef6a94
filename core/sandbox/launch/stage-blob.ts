import type { ExpectedMount } from "../bubblewrap/expected-mounts.ts";
import type { SandboxedCommand } from "./sandboxed-command.ts";

/** What the stage puts on itself before the command, beside what its launcher did. */
export interface Confinement {
  /** struct sock_filter array. */
  readonly filter?: Uint8Array;
  readonly dropCapabilities?: boolean;
  /** As init it does without where the kernel has no Landlock that lets files be moved between directories. */
  readonly landlock?: LandlockRuleset;
  /** For init, which makes sure of them: sorted by their points. */
  readonly mounts?: readonly ExpectedMount[];
}

/** The rules of a Landlock domain as the kernel takes them. */
export interface LandlockRuleset {
  readonly handledFs: bigint;
  readonly handledNet: bigint;
  readonly scoped: bigint;
  readonly rules: readonly { readonly path: string; readonly access: bigint }[];
}

/** The other side of ../stage/wire.h; ../stage/README.md tells the rules. */
const magic = 0x47535831;
const headBytes = 56;
const Flag = { terminal: 1, executable: 2, dropCapabilities: 4, landlock: 8 } as const;

/** Bits of a mount's kind. */
const MountKind = { readOnly: 1, required: 2 } as const;

/** The command for the stage. */
export function encodeStageBlob(command: SandboxedCommand, confinement: Confinement): Uint8Array {
  const { filter = new Uint8Array(0), landlock, mounts = [] } = confinement;
  const rules = landlock?.rules ?? [];
  const head = new DataView(new ArrayBuffer(headBytes + 8 * rules.length));
  head.setUint32(0, magic, true);
  head.setUint32(4, flagsOf(command, confinement), true);
  head.setUint32(8, command.argv.length, true);
  head.setUint32(12, command.env.length, true);
  head.setUint32(16, command.inherited.length, true);
  head.setUint32(20, rules.length, true);
  head.setUint32(24, filter.length, true);
  head.setUint32(28, mounts.length, true);
  head.setBigUint64(32, landlock?.handledFs ?? 0n, true);
  head.setBigUint64(40, landlock?.handledNet ?? 0n, true);
  head.setBigUint64(48, landlock?.scoped ?? 0n, true);
  rules.forEach((rule, index) => {
    head.setBigUint64(headBytes + 8 * index, rule.access, true);
  });
  const bytes = new Uint8Array(head.buffer);
  return Buffer.concat([
    bytes.subarray(0, headBytes),
    filter,
    bytes.subarray(headBytes),
    Buffer.from(rules.map((rule) => `${rule.path}\0`).join("")),
    typeof command.cwd === "string" ? Buffer.from(command.cwd) : command.cwd,
    Buffer.from(["", ...stringsOf(command), ""].join("\0")),
    // Its paths have a character for each byte.
    Buffer.from(mounts.map(mountStrings).join(""), "latin1"),
  ]);
}

function mountStrings({ point, readOnly, required, root, system }: ExpectedMount): string {
  const kind = (readOnly ? MountKind.readOnly : 0) | (required ? MountKind.required : 0);
  return `${point}\0${kind}\0${root}\0${system}\0`;
}

function stringsOf(command: SandboxedCommand): string[] {
  const [program, ...rest] = command.argv;
  const env = command.env.map(([name, value]) => `${name}=${value}`);
  return [program, command.arg0 ?? program, ...rest, ...env];
}

function flagsOf(command: SandboxedCommand, confinement: Confinement): number {
  let flags = 0;
  if (command.terminal) flags |= Flag.terminal;
  if (command.executable !== undefined) flags |= Flag.executable;
  if (confinement.dropCapabilities) flags |= Flag.dropCapabilities;
  if (confinement.landlock !== undefined) flags |= Flag.landlock;
  return flags;
}
