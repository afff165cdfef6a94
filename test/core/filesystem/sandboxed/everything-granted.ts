import type { SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";

/** A plan that lets everything through. */
export const everythingGranted: SandboxPlan = {
  disk: "write",
  rules: [],
  denyGlobs: [],
  links: [],
  network: "restricted",
  fullDiskRead: true,
  fullDiskWrite: true,
  deniedInodes: new Set(),
  alsoNamed: [],
  unscanned: [],
  key: "everything",
};
