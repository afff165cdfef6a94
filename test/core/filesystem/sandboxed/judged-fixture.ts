import type { FileSystem } from "../../../../core/filesystem/file-system.ts";
import { Judge } from "../../../../core/filesystem/sandboxed/judge.ts";
import { JudgedFileSystem } from "../../../../core/filesystem/sandboxed/judged-file-system.ts";
import { decodeParams } from "../../../../core/protocol/methods.ts";
import { RpcError } from "../../../../core/protocol/rpc-error.ts";
import { planSandbox } from "../../../../core/sandbox/plan/plan-sandbox.ts";
import { resolvePolicy } from "../../../../core/sandbox/policy/resolve-policy.ts";
import { sandboxFacts } from "../../../../core/server/sandbox-facts.ts";
import { type Entry, sandboxOf } from "./sandboxed-scope.ts";

/** The judge alone, without masks below it: what it lets through is let through. */
export function judgedOver(workspace: string, entries: readonly Entry[]): FileSystem {
  const params = { path: "file:///", sandbox: sandboxOf(workspace, ...entries) };
  // Sound: decodeParams checks what the test wrote, which is plain JSON.
  const { sandbox } = decodeParams("fs/readFile", params as Parameters<typeof decodeParams>[1]);
  if (sandbox === null) throw new Error("no sandbox");
  const policy = resolvePolicy(sandbox, null);
  if (policy.kind !== "managed") throw new Error("nothing is restricted");
  const judge = new Judge(planSandbox(policy, sandboxFacts(undefined, "/root"), "judgement"));
  // Nothing here has a second name outside of what is tested.
  judge.learnDenied({ inodes: new Set(), before: Number.POSITIVE_INFINITY });
  return new JudgedFileSystem(judge);
}

/** What came of it: text, `ok`, or the error as `code message`. */
export async function said(operation: () => unknown): Promise<string> {
  try {
    const answer = await operation();
    return answer instanceof Uint8Array ? Buffer.from(answer).toString() : "ok";
  } catch (cause) {
    if (cause instanceof RpcError) return `${cause.code} ${cause.message}`;
    throw cause;
  }
}

export const text = (content: string) => Buffer.from(content);
