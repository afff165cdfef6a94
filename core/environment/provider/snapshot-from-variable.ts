import { Secret } from "../../host/secret.ts";
import { defaultTimeoutMs } from "../config/make-definition.ts";
import { type EnvironmentDefinition, type EnvironmentSnapshot, localId } from "../definition.ts";

const urlVariable = "CODEX_EXEC_SERVER_URL";
const tokenVariable = "CODEX_ENV_TOKEN";

/** The one environment that CODEX_EXEC_SERVER_URL names; blank is this machine, `none` is no environment at all. */
export function snapshotFromVariable(
  variables: Readonly<Record<string, string | undefined>>,
): EnvironmentSnapshot {
  const url = (variables[urlVariable] ?? "").trim();
  const base = { definitions: [], defaultId: null, includeLocal: false, source: urlVariable, warnings: [] };
  if (url === "") return { ...base, defaultId: localId, includeLocal: true, source: "no configuration" };
  if (url.toLowerCase() === "none") return base;
  const token = (variables[tokenVariable] ?? "").trim();
  const remote: EnvironmentDefinition = {
    id: "remote",
    transport: {
      kind: "websocket",
      url: new Secret(url),
      headers: [],
      connectTimeoutMs: defaultTimeoutMs,
      ...(token === "" ? {} : { token: { kind: "value", token: new Secret(token) } }),
    },
    initializeTimeoutMs: defaultTimeoutMs,
    requiredSkills: [],
    reconnect: { enabled: true },
    capabilities: { execEnabled: true, filesystemEnabled: true },
  };
  return { ...base, definitions: [remote], defaultId: remote.id };
}
