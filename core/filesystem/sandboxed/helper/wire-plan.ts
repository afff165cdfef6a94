import type { SandboxPlan } from "../../../sandbox/plan/sandbox-plan.ts";
import type { DeniedLook } from "../judge.ts";

/** A plan as the first line that a helper reads: what its judge does not ask for stays away. */
type WirePlan = Omit<SandboxPlan, "deniedInodes" | "alsoNamed" | "unscanned" | "key">;

/** The first line for a helper. */
export function encodePlan(plan: SandboxPlan): string {
  const { key: _, deniedInodes: __, alsoNamed: ___, unscanned: ____, ...wire } = plan;
  return `${JSON.stringify({ plan: wire satisfies WirePlan })}\n`;
}

/** The plan of a helper's first line; null when the line is something else. */
export function decodePlan(message: unknown): SandboxPlan | null {
  if (typeof message !== "object" || message === null || !("plan" in message)) return null;
  // Only the server writes such a line, with encodePlan: it holds the other end of this pipe.
  return { ...(message.plan as WirePlan), deniedInodes: new Set(), alsoNamed: [], unscanned: [], key: "" };
}

/** A line that tells a helper of every denied file with several names. */
export function encodeDenied({ inodes, before }: DeniedLook): string {
  return `${JSON.stringify({ deniedInodes: [...inodes], before })}\n`;
}

/** Null when the line is something else. */
export function decodeDenied(message: object): DeniedLook | null {
  if (!("deniedInodes" in message) || !Array.isArray(message.deniedInodes)) return null;
  if (!("before" in message) || typeof message.before !== "number") return null;
  return { inodes: new Set(message.deniedInodes.map(String)), before: message.before };
}
