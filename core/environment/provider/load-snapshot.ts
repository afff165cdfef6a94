import type { EnvironmentSnapshot } from "../definition.ts";
import { codexHome, requireNamedHome } from "./codex-home.ts";
import { refuseRegistration } from "./refuse-registration.ts";
import { snapshotFromFiles } from "./snapshot-from-files.ts";
import { snapshotFromVariable } from "./snapshot-from-variable.ts";

/**
 * The environments that a user has configured: `environments.toml` in CODEX_HOME where it is there, be it empty, else
 * CODEX_EXEC_SERVER_URL. Throws EnvironmentConfigError or RegistrationRefusedError.
 */
export function loadSnapshot(variables: Readonly<Record<string, string | undefined>>): EnvironmentSnapshot {
  refuseRegistration(variables);
  const configured = snapshotFromFiles(codexHome(variables));
  if (configured !== undefined) return configured;
  requireNamedHome(variables);
  return snapshotFromVariable(variables);
}
