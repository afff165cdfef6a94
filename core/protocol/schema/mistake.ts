import type * as v from "valibot";
import { bufferedIssues } from "./buffered-issues.ts";
import { describeBuffered, describeValue } from "./describe-value.ts";

type Issues = readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]];

/** What does not fit, in serde's words, and where. */
export interface Mistake {
  readonly message: string;
  /** Reads like `sandbox.permissions.file_system.entries[0].access`; empty for the whole value. */
  readonly member: string;
}

/**
 * The one mistake that serde, which reads members in the order of the input and stops at the first, would report.
 * A missing field is noticed only at its object's end.
 */
export function firstMistake(issues: Issues): Mistake {
  let first = issues[0];
  for (const issue of issues) if (comesBefore(issue, first)) first = issue;
  return { message: describe(first), member: memberPath(first) };
}

function describe(first: v.BaseIssue<unknown>): string {
  if (first.kind !== "schema") return first.message;
  if (first.input !== undefined) {
    const describeInput = bufferedIssues.has(first) ? describeBuffered : describeValue;
    return `invalid type: ${describeInput(first.input)}, expected ${first.message}`;
  }
  return `missing field \`${String(first.path?.at(-1)?.key)}\``;
}

/** The names are those of schemas, so that nothing of what was sent is in it but places in lists. */
function memberPath({ path }: v.BaseIssue<unknown>): string {
  const steps = path?.map(({ key }) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`));
  return (steps ?? []).join("").replace(/^\./, "");
}

function comesBefore(issue: v.BaseIssue<unknown>, other: v.BaseIssue<unknown>): boolean {
  const path = issue.path ?? [];
  const otherPath = other.path ?? [];
  for (let depth = 0; ; depth++) {
    const difference = position(path[depth]) - position(otherPath[depth]);
    if (difference !== 0) return difference < 0;
    if (depth >= path.length || depth >= otherPath.length) return false;
  }
}

/** Where a member stands in its container; behind everything when it is missing, or when the container itself is meant. */
function position(item: v.IssuePathItem | undefined): number {
  if (item === undefined || item.value === undefined) return Number.MAX_SAFE_INTEGER;
  if (typeof item.key === "number") return item.key;
  // A named item is a member of an object.
  return Object.keys(item.input as object).indexOf(String(item.key));
}
