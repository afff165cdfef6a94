import { Secret } from "../../host/secret.ts";
import { type EnvironmentSnapshot, localId } from "../definition.ts";
import { defaultTimeoutMs, plainDefinition } from "../plain-definition.ts";

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
  const remote = plainDefinition("remote", {
    kind: "websocket",
    url: new Secret(url),
    headers: [],
    connectTimeoutMs: defaultTimeoutMs,
    ...(token === "" ? {} : { token: { kind: "value", token: new Secret(token) } }),
  });
  return { ...base, definitions: [remote], defaultId: remote.id };
}
