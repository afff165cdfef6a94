import { isLoopback } from "../../client/is-loopback.ts";
import { redactUserInfo } from "../redact-urls.ts";

/** Bytes that an address may have at most, as the reference counts them. */
const longestUrl = 65_534;

/** Almost every URL: asked first, since a file may have thousands. */
const usual = /^wss?:\/\/[a-z\d.-]{1,253}(:\d{1,5})?(\/[\w./-]{0,1024})?$/;

/** Why the reference would not take the URL of an environment; undefined where it would. It is trimmed already. */
export function urlFault(url: string): string | undefined {
  if (usual.test(url)) return undefined;
  if (url === "") return "environment url cannot be empty";
  const [, rest] = /^wss?:\/\/(.*)$/s.exec(url) ?? [];
  if (rest === undefined) return `environment url \`${redactUserInfo(url)}\` must use ws:// or wss://`;
  const fault = addressFault(url, rest);
  return fault === undefined
    ? undefined
    : `environment url \`${redactUserInfo(url)}\` is invalid: HTTP format error: ${fault}`;
}

function addressFault(url: string, rest: string): string | undefined {
  if (Buffer.byteLength(url) > longestUrl) return "uri too long";
  if (rest === "") return "empty string";
  const [, authority = "", path = "", query = ""] = /^([^/?#]*)([^?#]*)([^#]*)/.exec(rest) ?? [];
  return authorityFault(authority) ?? tailFault(path, query);
}

/** RFC 3986's characters, and the percent sign, which is for user info only. */
const authorityCharacters = /^[!#$&'()*+,\-./\d:;=?@A-Z[\]_a-z~%]*$/;
const mostColons = 8;

function authorityFault(authority: string): string | undefined {
  if (authority === "") return "invalid format";
  if (!authorityCharacters.test(authority)) return "invalid uri character";
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const brackets = host.replace(/[^[\]]/g, "");
  const port = host.slice(host.lastIndexOf("]") + 1);
  const sound =
    host !== "" &&
    !host.includes("%") &&
    (brackets === "" || brackets === "[]") &&
    port.split(":").length <= 2 &&
    authority.split(":").length <= mostColons;
  return sound ? undefined : "invalid authority";
}

/** What has to be percent-encoded; many clients leave quotes and braces as they are, and so they pass in a path. */
function tailFault(path: string, query: string): string | undefined {
  const wrong = /[\0- <>`]/.test(path) || /[\0- "<>]/.test(query);
  return wrong ? "invalid uri character" : undefined;
}

/** Why a URL cannot be given a secret to carry; the reference looks closer at those than at others. */
export function secretUrlFault(url: string): string | undefined {
  if (URL.canParse(url)) return undefined;
  const [, authority = ""] = /^wss?:\/\/([^/?#\\]*)/.exec(url) ?? [];
  const host = authority.slice(authority.lastIndexOf("@") + 1).replace(/:([^:\]]*)$/, "");
  return `invalid exec-server WebSocket URL: ${hostFault(host) ?? "invalid port number"}`;
}

/** Asked only of a URL that does not parse, so that a sound host means that the port is wrong. */
function hostFault(host: string): string | undefined {
  if (host === "") return "empty host";
  if (URL.canParse(`ws://${host}`)) return undefined;
  if (host.startsWith("[")) return "invalid IPv6 address";
  const [last = ""] = host.split(".").slice(-1);
  if (/^(\d+|0x[\da-f]*)$/i.test(last)) return "invalid IPv4 address";
  return host.toLowerCase().includes("xn--")
    ? "invalid international domain name"
    : "invalid domain character";
}

/** Whether a secret may travel to this URL: encrypted, or not leaving this machine. */
export function mayCarrySecrets(url: string): boolean {
  const parsed = URL.parse(url);
  if (parsed === null) return false;
  if (parsed.protocol === "wss:") return true;
  return isLoopback(parsed);
}
