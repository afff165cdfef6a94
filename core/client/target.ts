import type { Secret } from "../host/secret.ts";
import type { Acceptor } from "../transport/connection.ts";
import type { TlsChoice } from "../transport/ws-client-dial.ts";

/** A header whose value may be a secret, and is treated as one. */
export interface Header {
  readonly name: string;
  readonly value: Secret;
}

/** Where an exec-server is reached. */
export type Target =
  | {
      readonly kind: "websocket";
      readonly url: URL;
      readonly token?: Secret;
      readonly tls?: TlsChoice;
      /** Sent with each upgrade. */
      readonly headers?: readonly Header[];
    }
  | { readonly kind: "unix"; readonly path: string; readonly token?: Secret }
  | {
      readonly kind: "command";
      readonly argv: readonly [string, ...string[]];
      /** Laid over our own variables. */
      readonly env?: Readonly<Record<string, string>>;
      /** Default: ours. */
      readonly cwd?: string;
    }
  | { readonly kind: "memory"; readonly accept: Acceptor };

/** A URL that names no exec-server. The message never repeats what may hold a secret. */
export class TargetError extends Error {
  override readonly name = "TargetError";
}

/**
 * Reads `ws://HOST:PORT`, `wss://HOST[:PORT]` or `unix:///PATH`. Secrets do not belong into a URL, since it is shown,
 * listed by `ps` and kept in histories: user info is refused. Throws {@link TargetError}.
 */
export function parseTarget(text: string, token?: Secret): Target {
  const withToken = token === undefined ? {} : { token };
  const trimmed = text.trim();
  if (trimmed.startsWith("unix:")) {
    const path = decoded(trimmed.slice("unix:".length).replace(/^\/\/(?=\/)/, ""));
    if (!/^\/(?!\/)/.test(path)) throw new TargetError("a Unix socket is written unix:///absolute/path.sock");
    return { kind: "unix", path, ...withToken };
  }
  const url = URL.parse(trimmed);
  if (url === null || (url.protocol !== "ws:" && url.protocol !== "wss:")) {
    throw new TargetError(
      `the URL of an exec-server is ws://HOST:PORT, wss://HOST:PORT or unix:///PATH${meant(trimmed)}`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new TargetError(
      "the URL holds a user name or password; give a token with --token-file or CODEX_ENV_TOKEN",
    );
  }
  return { kind: "websocket", url, ...withToken };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new TargetError("the path of the Unix socket holds a % that stands for nothing; a % itself is %25");
  }
}

/** What may have been meant: of an address without its scheme, or of a page. */
function meant(text: string): string {
  const [, scheme = "", address] = /^(https?:\/\/)?((?:[\w.-]+|\[[\da-f:]+\]):\d+)\/?$/i.exec(text) ?? [];
  if (address === undefined) return "";
  return `, did you mean ${scheme.toLowerCase() === "https://" ? "wss" : "ws"}://${address}?`;
}

/** What messages call the target: without query, token and arguments. */
export function describeTarget(target: Target): string {
  switch (target.kind) {
    case "websocket":
      return `${target.url.protocol}//${target.url.host}${target.url.pathname === "/" ? "" : target.url.pathname}`;
    case "unix":
      return `unix://${target.path}`;
    case "command":
      return target.argv[0];
    case "memory":
      return "the embedded server";
  }
}
