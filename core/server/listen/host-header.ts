import { isIPv4, isIPv6 } from "../../host/ip-address.ts";

/**
 * Whether a `Host` header names this server: an IP literal, `localhost`, or one of `allowed`. A web page that
 * had its own name resolve to this machine (DNS rebinding) names that instead. Ports do not matter.
 */
export function isAllowedHost(header: string | null, allowed: readonly string[]): boolean {
  if (header === null) return false;
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(header)?.[1];
  if (bracketed !== undefined) return isIPv6(bracketed);
  const name = /^([^:\s,/@]+)(?::\d*)?$/.exec(header)?.[1];
  if (name === undefined) return false;
  return isIPv4(name) || plain(name) === "localhost" || allowed.some((host) => plain(host) === plain(name));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
