import { ConfigFault } from "./config-fault.ts";
import type { EnvironmentEntry } from "./environments-file.ts";
import type { EnvironmentExtras } from "./extras-file.ts";
import { unixUrlFault } from "./unix-url-fault.ts";
import { mayCarrySecrets } from "./url-fault.ts";
import { headerFault, secretsNeedTls } from "./validate-environments.ts";

/** Fields that the upgrade itself is made of, or that have a place of their own. */
const ownHeaders =
  /^(authorization|host|connection|upgrade|content-length|transfer-encoding|sec-websocket-.*)$/i;

type Fail = (message: string, field: keyof EnvironmentExtras, member?: string) => ConfigFault;

/** Holds what `codex-env.toml` says of an entry to the rules. Throws {@link ConfigFault}. */
export function validateExtras(extras: EnvironmentExtras, entry: EnvironmentEntry): void {
  const fail: Fail = (message, field, member) =>
    new ConfigFault(`environment \`${entry.id}\` ${message}`, {
      at: ["environments", entry.id, field, ...(member === undefined ? [] : [member])],
      kind: "rule",
    });
  const needsUrl = (["token_file", "ca_file", "headers"] as const).find(
    (field) => extras[field] !== undefined,
  );
  const socket = extras.dial?.url;
  if (socket !== undefined) validateSocket(socket, extras.dial?.program ?? entry.url, fail);
  const isReached = entry.url !== undefined || (socket !== undefined && needsUrl === "token_file");
  if (needsUrl !== undefined && !isReached) throw fail(`${needsUrl} requires url`, needsUrl);
  if (extras.token_file !== undefined && entry.auth_bearer_token !== undefined) {
    throw fail("has a token in environments.toml already: keep one of them", "token_file");
  }
  for (const [name, value] of extras.headers ?? []) {
    if (!/^[!#$%&'*+.^_`|~\dA-Za-z-]+$/.test(name))
      throw fail("has a header without a name", "headers", name);
    if (ownHeaders.test(name)) throw fail(`cannot set the header \`${name}\` itself`, "headers", name);
    const wrong = headerFault(name, value);
    if (wrong !== undefined) throw fail(`has an ${wrong}`, "headers", name);
  }
  const secret =
    extras.token_file === undefined
      ? (extras.headers?.size ?? 0) > 0
        ? "headers"
        : undefined
      : "token_file";
  if (secret !== undefined && entry.url !== undefined && !mayCarrySecrets(entry.url.trim())) {
    throw fail(`is refused: ${secretsNeedTls}`, secret);
  }
  for (const field of ["ssh", "container"] as const) {
    if (extras[field] !== undefined && entry.program === undefined)
      throw fail(`${field} requires program`, field);
  }
}

/** What Codex reaches by a program, and we by a Unix socket; `other` would be a second way for us. */
function validateSocket(url: string, other: string | undefined, fail: Fail): void {
  if (other !== undefined)
    throw fail("dial.url needs an entry with program, and no dial.program", "dial", "url");
  const wrong = unixUrlFault(url.trim());
  if (wrong !== undefined) throw fail(`dial.url is wrong: ${wrong}`, "dial", "url");
}
