import type { Workload } from "./workload.ts";
import { fileWorkloads } from "./workloads/files.ts";
import { outputWorkloads } from "./workloads/output.ts";
import { roundTripWorkloads } from "./workloads/round-trips.ts";
import { sandboxedWorkloads } from "./workloads/sandboxed.ts";
import { sessionWorkloads } from "./workloads/sessions.ts";
import { startWorkloads } from "./workloads/starting.ts";

export const allWorkloads: readonly Workload[] = [
  ...roundTripWorkloads,
  ...startWorkloads,
  ...outputWorkloads,
  ...fileWorkloads,
  ...sandboxedWorkloads,
  ...sessionWorkloads,
];
