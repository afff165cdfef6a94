import { nearest } from "../nearest-word.ts";
import type { TomlPath } from "../toml/toml-positions.ts";
import { ConfigFault } from "./config-fault.ts";
import { idFault } from "./environment-id.ts";
import type { EnvironmentEntry, EnvironmentsFile } from "./environments-file.ts";
import { mayCarrySecrets, secretUrlFault, urlFault } from "./url-fault.ts";

/** What the file says the default is: an id, `local`, or null where environments are disabled. */
export type DefaultId = string | null;

/** Holds the file to the rules, in the published client's order. Throws {@link ConfigFault}. */
export function validateEnvironments(file: EnvironmentsFile): DefaultId {
  const entries = file.environments ?? [];
  for (const [index, entry] of entries.entries()) validateEntry(entry, index);
  refuseDuplicates(entries);
  return defaultOf(file, entries);
}

function validateEntry(entry: EnvironmentEntry, index: number): void {
  const { id, url, program } = entry;
  const fail: Fail = (message, field) => fault(message, ["environments", index, field]);
  const wrongId = idFault(id);
  if (wrongId !== undefined) throw fail(wrongId, "id");
  const named = `environment \`${id}\``;
  const needsProgram = program === undefined ? given(entry, ["args", "env", "cwd"]) : undefined;
  if (needsProgram !== undefined) throw fail(`${named} args, env, and cwd require program`, needsProgram);
  const needsUrl = url === undefined ? given(entry, ["auth_bearer_token", "connect_timeout_sec"]) : undefined;
  if (needsUrl !== undefined) throw fail(`${named} ${needsUrl} requires url`, needsUrl);
  if ((url === undefined) === (program === undefined)) {
    throw fail(`${named} must set exactly one of url or program`, url === undefined ? "id" : "program");
  }
  if (url !== undefined) validateUrl(entry, url.trim(), fail);
  if (program !== undefined && program.trim() === "") {
    throw fail(`${named} program cannot be empty`, "program");
  }
}

type Field = keyof EnvironmentEntry;

function given(entry: EnvironmentEntry, fields: readonly Field[]): Field | undefined {
  return fields.find((field) => entry[field] !== undefined);
}

type Fail = (message: string, field: Field) => ConfigFault;

function validateUrl({ auth_bearer_token: token }: EnvironmentEntry, url: string, fail: Fail): void {
  const wrongUrl = urlFault(url);
  if (wrongUrl !== undefined) throw fail(wrongUrl, "url");
  if (token === undefined) return;
  const wrongSecretUrl = secretUrlFault(url);
  if (wrongSecretUrl !== undefined) throw fail(wrongSecretUrl, "url");
  if (!mayCarrySecrets(url)) throw fail(secretsNeedTls, "auth_bearer_token");
  const wrongHeader = headerFault("authorization", token);
  if (wrongHeader !== undefined) throw fail(wrongHeader, "auth_bearer_token");
}

export const secretsNeedTls = "exec-server WebSocket headers require wss:// or a loopback destination";

/** Why a header cannot have this value; the value itself is never told. */
export function headerFault(name: string, value: string): string | undefined {
  if (!/[\0-\x08\x0a-\x1f\x7f]/.test(value)) return undefined;
  return `invalid value for exec-server WebSocket header \`${name}\``;
}

function refuseDuplicates(entries: readonly EnvironmentEntry[]): void {
  const seen = new Set<string>();
  for (const [index, { id }] of entries.entries()) {
    if (seen.has(id)) throw fault(`environment id \`${id}\` is duplicated`, ["environments", index, "id"]);
    seen.add(id);
  }
}

function defaultOf(file: EnvironmentsFile, entries: readonly EnvironmentEntry[]): DefaultId {
  const includeLocal = file.include_local ?? true;
  if (file.default === undefined) return includeLocal ? "local" : null;
  const wanted = file.default.trim();
  const place = {
    at: ["default"],
    kind: "rule",
    cure: "codex-env env default NAME chooses another",
  } as const;
  if (wanted === "") throw new ConfigFault("default environment id cannot be empty", place);
  if (wanted.toLowerCase() === "none") return null;
  const known = [...entries.map(({ id }) => id), ...(includeLocal ? ["local"] : [])];
  if (known.includes(wanted)) return wanted;
  throw new ConfigFault(`default environment \`${wanted}\` is not configured`, {
    ...place,
    suggestion: nearest(wanted, known),
  });
}

function fault(message: string, at: TomlPath): ConfigFault {
  return new ConfigFault(message, { at, kind: "rule" });
}
