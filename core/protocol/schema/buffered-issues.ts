import type * as v from "valibot";

/** Issues with values inside an internally tagged enum, which serde buffers before it knows what they are to be. */
export const bufferedIssues = new WeakSet<v.BaseIssue<unknown>>();
