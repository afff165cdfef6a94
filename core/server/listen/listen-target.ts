import { isIPv4, isIPv6 } from "../../host/ip-address.ts";
import { ListenError } from "./listen-error.ts";

/** Where `--listen` says to listen. */
export type ListenTarget =
  | { readonly kind: "websocket"; readonly address: string; readonly port: number; readonly tls: boolean }
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "stdio" };

/** `ws://IP:PORT`, `wss://IP:PORT`, `unix:///PATH`, `stdio` or `stdio://`. Throws {@link ListenError}. */
export function parseListenTarget(text: string): ListenTarget {
  if (text === "stdio" || text === "stdio://") return { kind: "stdio" };
  if (text.startsWith("unix:///") && !text.endsWith("/")) {
    return { kind: "unix", path: text.slice("unix://".length) };
  }
  const scheme = /^wss?:\/\//.exec(text)?.[0];
  if (scheme === undefined) {
    throw new ListenError(
      `unsupported --listen URL \`${text}\`; expected \`ws://IP:PORT\`, \`wss://IP:PORT\`, \`unix:///PATH\` or \`stdio\``,
    );
  }
  const [, v6, v4, digits] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text.slice(scheme.length)) ?? [];
  const address = v6 ?? v4 ?? "";
  const port = Number(digits);
  const known = v6 === undefined ? isIPv4(address) : isIPv6(address);
  if (!known || !(port <= 65535)) {
    const sentence = `invalid websocket --listen URL \`${text}\`; expected \`ws://IP:PORT\``;
    throw new ListenError(
      sentence,
      address === "localhost" ? { cure: "localhost is a name; use 127.0.0.1" } : {},
    );
  }
  return { kind: "websocket", address, port, tls: scheme === "wss://" };
}

/** Whether only this machine can reach an IP address. */
export function isLoopback(address: string): boolean {
  return /^(?:127\.|::1$|::ffff:127\.)/i.test(address);
}

/** `ws://127.0.0.1:41237`, with brackets around IPv6. */
export function listenUrl(target: { address: string; port: number; tls: boolean }): string {
  const host = isIPv6(target.address) ? `[${target.address}]` : target.address;
  return `${target.tls ? "wss" : "ws"}://${host}:${target.port}`;
}
