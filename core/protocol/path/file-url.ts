import { ErrorCode, RpcError } from "../rpc-error.ts";
import { escapeSegment } from "./percent.ts";
import { parseUrlHost } from "./url-host.ts";

/** A file URL after the WHATWG URL standard, in its normal spelling. */
export interface FileUrl {
  /** Empty for this machine. */
  readonly host: string;
  /** The path's names, escaped; the last is empty behind a trailing slash. */
  readonly segments: readonly string[];
}

const outerSpace = /^[\u0000-\u0020]+|[\u0000-\u0020]+$/g;
const ignored = /[\t\n\r]/g;
const schemed = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s;
const drive = /^[A-Za-z][:|]$/;
const singleDot = /^(?:\.|%2e)$/i;
const doubleDot = /^(?:\.|%2e){2}$/i;

/** Parses a file URL; throws {@link RpcError} (invalid params) with the reference's words. */
export function parseFileUrl(text: string): FileUrl {
  const trimmed = text.replace(outerSpace, "").replace(ignored, "");
  const match = schemed.exec(trimmed);
  if (match === null) throw refuse("invalid URI: relative URL without a base");
  const [, scheme = "", rest = ""] = match;
  if (scheme.toLowerCase() !== "file") {
    throw refuse(`unsupported path URI scheme \`${scheme.toLowerCase()}\``);
  }
  const pathEnd = rest.search(/[?#]/);
  const url = parseHierarchy((pathEnd === -1 ? rest : rest.slice(0, pathEnd)).replaceAll("\\", "/"));
  if (pathEnd === -1) return url;
  throw refuse(
    rest.charAt(pathEnd) === "?"
      ? "query parameters are not allowed in path URIs"
      : "fragments are not allowed in path URIs",
  );
}

/** Takes what follows the scheme, up to a query or fragment. */
function parseHierarchy(text: string): FileUrl {
  if (!text.startsWith("//")) return { host: "", segments: parseSegments(text, true) };
  const end = text.indexOf("/", 2);
  const authority = end === -1 ? text.slice(2) : text.slice(2, end);
  if (drive.test(authority)) return { host: "", segments: parseSegments(text.slice(2), true) };
  const host = parseUrlHost(authority);
  const segments = parseSegments(end === -1 ? "" : text.slice(end), host !== "");
  // A drive is a place of its own: whose host it is no longer matters.
  return { host: isDrive(segments[0]) ? "" : host, segments };
}

/** `barIsColon`: a first name such as `C|` means the drive `C:`. */
function parseSegments(path: string, barIsColon: boolean): string[] {
  const segments: string[] = [];
  const names = (path.startsWith("/") ? path.slice(1) : path).split("/");
  names.forEach((name, index) => {
    const last = index === names.length - 1;
    if (doubleDot.test(name) || singleDot.test(name)) {
      if (doubleDot.test(name) && !(segments.length === 1 && isDrive(segments[0]))) segments.pop();
      if (last) segments.push("");
      return;
    }
    const isBarred = barIsColon && segments.length === 0 && drive.test(name);
    segments.push(isBarred ? `${name.charAt(0)}:` : escapeSegment(name));
  });
  return segments;
}

function isDrive(segment: string | undefined): boolean {
  return segment !== undefined && /^[A-Za-z]:$/.test(segment);
}

function refuse(message: string): RpcError {
  return new RpcError(ErrorCode.invalidParams, message);
}
