import type * as v from "valibot";
import { bufferedIssues } from "./buffered-issues.ts";
import { describeBuffered, describeValue } from "./describe-value.ts";

type Issues = readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]];

/**
 * The one mistake that serde, which reads members in the order of the input and stops at the first, would report.
 * A missing field is noticed only at its object's end.
 */
export function describeMistake(issues: Issues): string {
  let first = issues[0];
  for (const issue of issues) if (comesBefore(issue, first)) first = issue;
  if (first.kind !== "schema") return first.message;
  if (first.input !== undefined) {
    const describe = bufferedIssues.has(first) ? describeBuffered : describeValue;
    return `invalid type: ${describe(first.input)}, expected ${first.message}`;
  }
  return `missing field \`${String(first.path?.at(-1)?.key)}\``;
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
