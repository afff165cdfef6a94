import { readFileSync } from "node:fs";
import { type Header, parseTarget, type Target } from "../client/target.ts";
import { Secret } from "../host/secret.ts";
import { limits } from "../limits.ts";
import { DialError } from "../transport/dialed-connection.ts";
import { mayCarrySecrets } from "./config/url-fault.ts";
import { secretsNeedTls } from "./config/validate-environments.ts";
import type { EnvironmentTransport, TokenSource } from "./definition.ts";
import { redactUrl } from "./redact-urls.ts";

/** What a transport is dialled with; files of secrets are read now. Throws DialError. */
export function targetOf(transport: EnvironmentTransport): Target {
  if (transport.kind === "command") {
    return {
      kind: "command",
      argv: transport.argv,
      env: Object.fromEntries([...transport.env].map(([name, value]) => [name, value.reveal()])),
      ...(transport.cwd === undefined ? {} : { cwd: transport.cwd }),
    };
  }
  const url = transport.url.reveal();
  const token = transport.token === undefined ? undefined : readToken(transport.token);
  if (url.startsWith("unix:")) return parseTarget(url, token);
  const { headers } = transport;
  if ((token !== undefined || headers.length > 0) && !mayCarrySecrets(url)) throw final(secretsNeedTls);
  return {
    kind: "websocket",
    url: parseUrl(url),
    headers: [...headers, ...authorization(token)],
    ...(transport.authoritiesFile === undefined
      ? {}
      : { tls: { authorities: read(transport.authoritiesFile, "CA") } }),
  };
}

/** As it is, whatever it holds: HeaderValue takes blanks and UTF-8. */
function authorization(token: Secret | undefined): Header[] {
  if (token === undefined) return [];
  return [{ name: "Authorization", value: new Secret(`Bearer ${token.reveal()}`) }];
}

function parseUrl(text: string): URL {
  const failed = (why: string) =>
    final(`failed to connect to exec-server websocket \`${redactUrl(text)}\`: ${why}`);
  const url = URL.parse(text);
  if (url === null) throw failed("IO error: invalid WebSocket URL");
  if (url.protocol !== "ws:" && url.protocol !== "wss:") throw failed("URL error: URL scheme not supported");
  if (url.searchParams.get("role") === "harness") {
    throw failed("it asks for relay framing (role=harness), which codex-env does not speak");
  }
  return url;
}

function readToken(source: TokenSource): Secret {
  if (source.kind === "value") return source.token;
  const token = read(source.path, "token").trim();
  if (token === "") throw final(`the token file ${source.path} is empty`);
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw final(`the token file ${source.path} holds characters that no token has`);
  }
  return new Secret(token);
}

function read(path: string, what: string): string {
  try {
    const text = readFileSync(path, "utf8");
    if (text.length <= limits.environmentsFileBytes) return text;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "an error";
    throw final(`the ${what} file ${path} cannot be read (${code})`);
  }
  throw final(`the ${what} file ${path} is too large`);
}

function final(message: string): DialError {
  return new DialError(message, { retry: false });
}
