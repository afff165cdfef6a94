import { limits } from "../../../limits.ts";
import type { SandboxPlan } from "../../../sandbox/plan/sandbox-plan.ts";
import { parentPath } from "../../native-path.ts";
import type { HelperRequest } from "../helper/operation.ts";
import { Judge } from "../judge.ts";

/**
 * The path of a file that a request wants to read, if the plan lets it, provided that no link is on the way: it is for
 * who opens it to make sure of that. Null for every other request, and for every other path.
 */
export function plainPath(plan: SandboxPlan, request: HelperRequest): string | null {
  if (request.operation !== "fs/readFile") return null;
  const { native } = request.params.path.toHost();
  if (typeof native !== "string" || !isNormal(native) || isKernels(native)) return null;
  return mayBeRead(new Judge(plan), native) ? native : null;
}

/** What the judge in the helper asks for on the way to a file. */
function mayBeRead(judge: Judge, path: string): boolean {
  try {
    for (let way = parentPath(path); way !== "/"; way = parentPath(way)) judge.requireWay(way);
    judge.requireRead(path);
    return true;
  } catch {
    return false;
  }
}

/** Nothing in it means anything but a name. */
function isNormal(path: string): boolean {
  const [root, ...names] = path.split("/");
  if (root !== "" || path.includes("\0") || !path.isWellFormed()) return false;
  if (Buffer.byteLength(path) > limits.fsPlainPathBytes) return false;
  return names.every((name) => name !== "" && name !== "." && name !== "..");
}

/** The sandbox's own, where what is read depends on who reads. */
function isKernels(path: string): boolean {
  return /^\/(?:proc|sys|dev)(?:\/|$)/.test(path);
}
