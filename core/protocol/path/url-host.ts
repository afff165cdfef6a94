import { ErrorCode, RpcError } from "../rpc-error.ts";

const lastLabelIsNumber = /(?:^|\.)(?:\d+|0[xX][0-9a-fA-F]*)\.?$/;

/** A file URL's host in its normal spelling; empty for this machine. Throws {@link RpcError} (invalid params). */
export function parseUrlHost(authority: string): string {
  if (authority === "") return "";
  const refuse = (reason: string) => new RpcError(ErrorCode.invalidParams, `invalid URI: ${reason}`);
  const bracketed = authority.startsWith("[");
  // A file URL has neither a user nor a port, though the native parser below would take them.
  if (!bracketed && /[@:]/.test(authority)) throw refuse("invalid international domain name");
  const url = URL.parse(`http://${authority}/`);
  if (url === null || url.port !== "") {
    if (bracketed) throw refuse("invalid IPv6 address");
    throw refuse(
      lastLabelIsNumber.test(authority) ? "invalid IPv4 address" : "invalid international domain name",
    );
  }
  return url.hostname === "localhost" ? "" : url.hostname;
}
