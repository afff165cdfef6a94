import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import type { Params } from "../../support/wire-client.ts";
import type { AddCase } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { askOnce } from "./exchange.ts";
import { printable } from "./process-run.ts";

/** The files every filesystem case starts from: plain, nested, hidden, links of every kind, a fifo. */
export function makeTree(t: CaseContext): void {
  mkdirSync(t.path("d/sub"), { recursive: true });
  mkdirSync(t.path("d/.hd"));
  mkdirSync(t.path("empty"));
  for (const [name, text] of [
    ["a.txt", "hello"],
    ["d/x", "x"],
    ["d/sub/y", "yy"],
    ["d/.hid", "h"],
    ["d/.hd/in", "i"],
  ] as const) {
    writeFileSync(t.path(name), text);
  }
  for (const [name, target] of [
    ["ln", "a.txt"],
    ["lnd", "d"],
    ["dangling", "missing"],
    ["loop", "loop"],
    ["d/rel", "../a.txt"],
    ["d/up", ".."],
  ] as const) {
    symlinkSync(target, t.path(name));
  }
  execFileSync("mkfifo", [t.path("fifo")]);
}

/** One request against the tree, and optionally a look at the disk afterwards. */
export interface TreeCase {
  readonly name: string;
  readonly method: string;
  readonly params: (t: CaseContext) => Params;
  readonly after?: (t: CaseContext) => unknown;
}

export function addTreeCase(add: AddCase, { name, method, params, after }: TreeCase): void {
  add(name, async (t) => {
    makeTree(t);
    const reply = await askOnce(t, method, params(t));
    return after ? { ...(reply as object), after: after(t) } : reply;
  });
}

const errorCode = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);

/** What a look at the disk gives, or the code of its error. */
export function look<T>(at: () => T): T | string {
  try {
    return at();
  } catch (error) {
    return errorCode(error);
  }
}

export const contentOf = (t: CaseContext, name: string) => look(() => printable(readFileSync(t.path(name))));
export const modeOf = (t: CaseContext, name: string) =>
  look(() => (statSync(t.path(name)).mode & 0o777).toString(8));

/** Every name below a directory, sorted bytewise. */
export function namesBelow(t: CaseContext, name: string): string[] {
  const found = execFileSync("find", ["."], { cwd: t.path(name) })
    .toString()
    .trim()
    .split("\n");
  return found.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
