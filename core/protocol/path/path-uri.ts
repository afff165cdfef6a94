import { ErrorCode, RpcError } from "../rpc-error.ts";
import { type FileUrl, parseFileUrl } from "./file-url.ts";
import type { PathForm } from "./format-path.ts";
import { type HostPath, hostPath, hostPathOfBytes } from "./host-path.ts";
import { isOpaque, readOpaque } from "./opaque-path.ts";
import { escapePath, unescapeBytes } from "./percent.ts";

/** A URI that names a Linux path as it stands has none of these behind `file://`. */
const needsParsing = /[\u0000-\u001f%\\?#]| $|\/\.{0,2}(?:\/|$)|^\/[A-Za-z]:(?:\/|$)/;
const quotedUri = /^'(.*)' is invalid on/s;
const drive = /^[A-Za-z]:$/;

/**
 * A path off the wire: a file URI as the reference takes it, or a plain absolute path as older clients send it.
 * One that names no path of this machine (a foreign host, a Windows drive) parses, and fails when it is used.
 */
export class PathUri {
  /** The form to answer in. */
  readonly form: PathForm;
  private readonly place: HostPath | RpcError;

  private constructor(form: PathForm, place: HostPath | RpcError) {
    this.form = form;
    this.place = place;
  }

  /** Throws {@link RpcError} (invalid params) with the reference's words. */
  static parse(text: string): PathUri {
    if (text.startsWith("file:///")) {
      const path = text.slice("file://".length);
      if (!needsParsing.test(path)) return new PathUri("uri", { native: path, text: path });
    }
    if (text.startsWith("/")) return new PathUri("plain", parsePlain(text));
    return new PathUri("uri", locate(parseFileUrl(text)));
  }

  /** The path on this machine. Throws {@link RpcError} (invalid request) when there is none. */
  toHost(): HostPath {
    if (this.place instanceof RpcError) throw this.place;
    return this.place;
  }

  /** The same for the working directory of process/start, which fails in other words (invalid params). */
  toWorkingDirectory(): HostPath {
    if (!(this.place instanceof RpcError)) return this.place;
    const uri = quotedUri.exec(this.place.message)?.[1] ?? "";
    throw new RpcError(
      ErrorCode.invalidParams,
      `cwd URI \`${uri}\` is not valid on this exec-server host: ${this.place.message}`,
    );
  }
}

function parsePlain(text: string): HostPath {
  if (text.includes("\0")) throw invalidHere(`file://${escapePath(text)}`, ErrorCode.invalidParams);
  return hostPath(text);
}

function locate(url: FileUrl): HostPath | RpcError {
  const path = url.segments.join("/");
  const bytes = unescapeBytes(path);
  if (bytes.includes(0)) return locateOpaque(url, path);
  const root = url.segments.findIndex((segment) => segment !== "");
  const first = url.segments[root] ?? "";
  if (drive.test(unescapeBytes(first).toString("latin1"))) {
    const tail = url.segments.slice(root).join("/");
    return invalidHere(`file:///${tail.charAt(0).toUpperCase()}${tail.slice(1)}`, ErrorCode.invalidRequest);
  }
  if (url.host !== "") return invalidHere(`file://${url.host}/${path}`, ErrorCode.invalidRequest);
  return hostPathOfBytes(Buffer.concat([Buffer.from("/"), bytes]));
}

/** The path holds an escaped NUL: a path that has no other spelling, or a mistake. */
function locateOpaque(url: FileUrl, path: string): HostPath | RpcError {
  const text = `file://${url.host}/${path}`;
  const bytes = url.host === "" ? readOpaque(path) : null;
  if (bytes === null) throw invalidHere(text, ErrorCode.invalidParams);
  if (!isOpaque(bytes)) return invalidHere(text, ErrorCode.invalidRequest);
  if (bytes.includes(0)) {
    return new RpcError(ErrorCode.invalidRequest, "file name contained an unexpected NUL byte");
  }
  return hostPathOfBytes(bytes);
}

function invalidHere(uri: string, code: number): RpcError {
  return new RpcError(code, `'${uri}' is invalid on 'linux'`);
}
