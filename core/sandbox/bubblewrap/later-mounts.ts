import { existsSync } from "node:fs";
import type { HostMounts } from "./host-mounts.ts";
import { type MountArguments, sharedMemory } from "./mount-arguments.ts";
import { isBelow } from "./mount-tree.ts";

/** What bubblewrap is told and the stage's mounter does; see ../stage/mounter.h. */
export interface LaterMounts {
  /** For bubblewrap, behind its other words: the host's root is shown meanwhile where the sandbox's own hides some of it. */
  readonly shown: readonly string[];
  /** For the mounter. */
  readonly plan: Uint8Array;
}

/** Translates the words of mounts that are not bubblewrap's to make. `disk`: what the sandbox's root is. */
export function laterMounts(
  { bubblewrap, later }: MountArguments,
  disk: "nothing" | "read" | "write",
  host: HostMounts,
): LaterMounts {
  // What is bound there is the host's, which a /dev of the sandbox's own hides.
  const hidden =
    bubblewrap.includes("--dev") && !bubblewrap.includes(sharedMemory) && later.some(isBoundSharedMemory);
  const name = shownAt(disk, hidden);
  const own = hidden ? [`o ${sharedMemory}`] : [];
  return {
    shown: name === "" ? [] : ["--ro-bind", "/", `/${name}`],
    plan: Buffer.from([name, ...own, ...steps(later, host), ""].join("\0"), "latin1"),
  };
}

/** Without its first slash: a name that no plan could have, or a directory that is there; empty where all of it is seen. */
function shownAt(disk: "nothing" | "read" | "write", hidesSharedMemory: boolean): string {
  if (disk === "nothing") return `.host-${crypto.randomUUID()}`;
  return hidesSharedMemory ? sharedMemory.slice(1) : "";
}

function isBoundSharedMemory(word: string, index: number, words: readonly string[]): boolean {
  if (word !== sharedMemory && !isBelow(word, sharedMemory)) return false;
  return /bind(-try)?$/.test(words[index - 1] ?? "");
}

function* steps(words: readonly string[], host: HostMounts): Generator<string> {
  let mode = "";
  for (let at = 0; at < words.length; ) {
    const [word = "", first = ""] = words.slice(at, at + 2);
    const path = Buffer.from(first).toString("latin1");
    at += word.endsWith("bind") || word.endsWith("bind-try") ? 3 : 2;
    switch (word) {
      case "--perms":
        mode = first;
        break;
      case "--bind":
        yield* writable(path, host);
        break;
      case "--bind-try":
        if (existsSync(first)) yield* writable(path, host);
        break;
      case "--ro-bind":
        yield `r ${path}`;
        break;
      case "--mask":
        yield `m ${path}`;
        break;
      case "--tmpfs":
        yield `d${mode} ${path}`;
        break;
      case "--dir":
        yield `p${mode} ${path}`;
        break;
      case "--remount-ro":
        yield `c ${path}`;
        break;
      default:
        throw new Error(`${word} is nothing that is mounted later`);
    }
  }
}

/** The view that it comes from is read-only: what the host has mounted below is opened one by one, where the host has it open. */
function* writable(path: string, host: HostMounts): Generator<string> {
  yield `w ${path}`;
  for (const { point } of host.visible.values()) {
    const mounted = unescaped(point);
    if (isBelow(mounted, path)) yield `t ${mounted}`;
  }
}

/** Mountinfo's octal numbers as the bytes that they stand for. */
function unescaped(point: string): string {
  return point.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
