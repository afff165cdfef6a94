import { closeSync } from "node:fs";
import { makeSandbox } from "./probe-bubblewrap.ts";

/** A part of a sandbox that was tried out by itself. */
export type Trial = { readonly kind: "works" } | { readonly kind: "fails"; readonly words: string };

export interface NamespaceTrials {
  readonly user: Trial;
  readonly network: Trial;
  /** A new /proc in a new pid namespace. */
  readonly proc: Trial;
}

const bare = ["--unshare-user", "--ro-bind", "/", "/"];

/** Makes three small sandboxes by the bubblewrap that `open` opens, to tell which part a system refuses. */
export async function tryNamespaces(open: () => number): Promise<NamespaceTrials> {
  const [user, network, proc] = await Promise.all([
    trial(open, bare),
    trial(open, [...bare, "--unshare-net"]),
    trial(open, [...bare, "--unshare-pid", "--as-pid-1", "--proc", "/proc"]),
  ]);
  return { user, network, proc };
}

async function trial(open: () => number, parts: readonly string[]): Promise<Trial> {
  let descriptor: number | undefined;
  try {
    descriptor = open();
    const run = await makeSandbox(descriptor, parts);
    if (run.exitCode === 0) return { kind: "works" };
    return { kind: "fails", words: run.words === "" ? `exit code ${run.exitCode}` : run.words };
  } catch (error) {
    return { kind: "fails", words: String(error) };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
