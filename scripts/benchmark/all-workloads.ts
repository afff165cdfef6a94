import type { Workload } from "./workload.ts";
import { environmentWorkloads } from "./workloads/environments.ts";
import { fileWorkloads } from "./workloads/files.ts";
import { listingWorkload } from "./workloads/listing.ts";
import { outputWorkloads } from "./workloads/output.ts";
import { recoveryWorkload } from "./workloads/recovery.ts";
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
  ...environmentWorkloads,
  recoveryWorkload,
  listingWorkload,
];
