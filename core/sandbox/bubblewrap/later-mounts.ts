import { existsSync } from "node:fs";
import type { HostMounts } from "./host-mounts.ts";
import { isBelow } from "./mount-tree.ts";

/** What bubblewrap is told and the stage's mounter does; see ../stage/mounter.h. */
export interface LaterMounts {
  /** For bubblewrap, behind its other words: where the sandbox's root is its own, the host's is shown in it meanwhile. */
  readonly shown: readonly string[];
  /** For the mounter. */
  readonly plan: Uint8Array;
}

/** Translates the words of mounts that are not bubblewrap's to make. `disk`: what the sandbox's root is. */
export function laterMounts(
  words: readonly string[],
  disk: "nothing" | "read" | "write",
  host: HostMounts,
): LaterMounts {
  // Of no name that a plan could have.
  const name = disk === "nothing" ? `.host-${crypto.randomUUID()}` : "";
  return {
    shown: name === "" ? [] : ["--ro-bind", "/", `/${name}`],
    plan: Buffer.from([name, ...steps(words, host), ""].join("\0"), "latin1"),
  };
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
