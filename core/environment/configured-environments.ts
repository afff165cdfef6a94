import manifest from "../../package.json" with { type: "json" };
import { EnvironmentManager, type EnvironmentManagerOptions } from "./environment-manager.ts";
import { loadSnapshot } from "./provider/load-snapshot.ts";

/**
 * The environments that the user has configured: `environments.toml` in CODEX_HOME, else CODEX_EXEC_SERVER_URL, else
 * this machine. Throws EnvironmentConfigError or RegistrationRefusedError.
 */
export function configuredEnvironments(options: Partial<EnvironmentManagerOptions> = {}): EnvironmentManager {
  const variables = options.variables ?? process.env;
  return new EnvironmentManager(loadSnapshot(variables), {
    clientName: "codex-env library",
    version: manifest.version,
    cwd: process.cwd(),
    ...options,
    variables,
  });
}
