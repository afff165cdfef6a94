import type { SandboxPlan } from "./sandbox-plan.ts";

/** A plan that lets every file through: somebody else holds those, or nobody needs to. Its network is restricted. */
export const everythingGranted: SandboxPlan = {
  disk: "write",
  rules: [],
  denyGlobs: [],
  links: [],
  network: "restricted",
  foldsCase: false,
  fullDiskRead: true,
  fullDiskWrite: true,
  deniedInodes: new Set(),
  alsoNamed: [],
  unscanned: [],
  key: "everything",
};
