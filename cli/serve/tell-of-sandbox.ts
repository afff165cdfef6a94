import { hostMechanism } from "../../core/server/host-mechanism.ts";
import type { ServerLog } from "../../core/server/log/server-log.ts";

/** Tries out how sandboxes can be made here, so that the first one need not wait for it, and logs a line when work will be refused. */
export async function tellOfSandbox(log: ServerLog): Promise<void> {
  const mechanism = await hostMechanism();
  if (mechanism.kind === "bubblewrap") return;
  const event =
    mechanism.kind === "none"
      ? "work that asks for a restricting sandbox will be refused"
      : "only Landlock can hold sandboxes: profiles that it cannot express will be refused";
  log.warn(event, { reason: mechanism.reason, cure: "see codex-env doctor" });
}
