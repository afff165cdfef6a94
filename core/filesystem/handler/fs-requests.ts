import { limits } from "../../limits.ts";
import { Base64Error, decodeBase64Into, decodedBytes, encodeBase64 } from "../../protocol/base64.ts";
import type { FsMethodName, MethodParams } from "../../protocol/methods.ts";
import { formatPath, type PathForm } from "../../protocol/path/format-path.ts";
import type { MethodResults } from "../../protocol/results.ts";
import { type SandboxContext, sandboxKind } from "../../protocol/sandbox.ts";
import { type Answer, andThen, withCleanup } from "../answer.ts";
import type { FileSystem, FollowOption, WalkOptions, WalkResult } from "../file-system.ts";
import type { NativePath } from "../native-path.ts";
import { invalidInput } from "../os-error.ts";
import { borrowBytes } from "../scratch.ts";
import type { FileHandles } from "./file-handles.ts";
import type { MissingWatchSlot } from "./missing-watch-slot.ts";
import type { Access } from "./request-order.ts";

/** What the requests of one connection work on. */
export interface FsContext {
  readonly fileSystem: FileSystem;
  readonly handles: FileHandles;
  readonly watch: MissingWatchSlot;
  notify(method: "fs/missingChanged", params: unknown): void;
}

interface FsRequest<M extends FsMethodName> {
  readonly access: Access;
  run(context: FsContext, params: MethodParams[M]): Answer<MethodResults[M]>;
}

const nothing = () => ({});

/** Every fs/* method: whether it only looks, and what it does. Results have the members of PROTOCOL.md section 13. */
export const fsRequests: { readonly [M in FsMethodName]: FsRequest<M> } = {
  "fs/readFile": {
    access: "shared",
    run({ fileSystem }, params) {
      const bytes = fileSystem.readFile(located(params), follow(params));
      return andThen(bytes, (content) => ({ dataBase64: encodeBase64(content) }));
    },
  },
  "fs/writeFile": {
    access: "exclusive",
    run: writeFile,
  },
  "fs/createDirectory": {
    access: "exclusive",
    run({ fileSystem }, params) {
      const options = { ...follow(params), recursive: params.recursive ?? true };
      return andThen(fileSystem.createDirectory(located(params), options), nothing);
    },
  },
  "fs/getMetadata": {
    access: "shared",
    run: ({ fileSystem }, params) => fileSystem.getMetadata(located(params), follow(params)),
  },
  "fs/canonicalize": {
    access: "shared",
    run({ fileSystem }, params) {
      const real = fileSystem.canonicalize(located(params));
      return andThen(real, (path) => ({ path: formatPath(path, params.path.form) }));
    },
  },
  "fs/readDirectory": {
    access: "shared",
    run: ({ fileSystem }, params) =>
      andThen(fileSystem.readDirectory(located(params)), (entries) => ({ entries })),
  },
  "fs/walk": {
    access: "shared",
    run: ({ fileSystem }, params) => walk(fileSystem, params),
  },
  "fs/remove": {
    access: "exclusive",
    run({ fileSystem }, params) {
      const options = { ...follow(params), recursive: params.recursive ?? true, force: params.force ?? true };
      return andThen(fileSystem.remove(located(params), options), nothing);
    },
  },
  "fs/copy": {
    access: "exclusive",
    run({ fileSystem }, params) {
      refuseSandbox(params.sandbox);
      const source = params.sourcePath.toHost().native;
      const destination = params.destinationPath.toHost().native;
      return andThen(fileSystem.copy(source, destination, { recursive: params.recursive }), nothing);
    },
  },
  "fs/open": {
    access: "exclusive",
    run({ fileSystem, handles }, params) {
      const path = located(params);
      const opened = handles.open(params.handleId, () => fileSystem.open(path, params.mode));
      return andThen(opened, () => ({ handleId: params.handleId }));
    },
  },
  "fs/readBlock": {
    access: "shared",
    run: ({ handles }, params) => readBlock(handles, params),
  },
  "fs/writeBlock": {
    access: "exclusive",
    run({ handles }, { handleId, offset, chunk }) {
      checkBlockLength("write", chunk.byteLength);
      return andThen(handles.get(handleId).write(offset, chunk), nothing);
    },
  },
  "fs/close": {
    access: "exclusive",
    run: ({ handles }, params) => andThen(handles.close(params.handleId), nothing),
  },
  "fs/watchMissing": {
    access: "exclusive",
    run: watchMissing,
  },
};

interface Located {
  readonly path: MethodParams["fs/readFile"]["path"];
  readonly sandbox: SandboxContext | null;
}

/** The path of a request that no sandbox keeps from it. */
function located({ path, sandbox }: Located): NativePath {
  refuseSandbox(sandbox);
  return path.toHost().native;
}

/** Fails closed: what asks for a sandbox does not run without one. */
function refuseSandbox(sandbox: SandboxContext | null): void {
  if (sandboxKind(sandbox) !== "restricted") return;
  throw invalidInput(
    "sandboxed filesystem requests are not available on this server yet: nothing was read or changed",
  );
}

function follow({ followSymlinks }: { readonly followSymlinks: boolean | null }): FollowOption {
  return { followSymlinks: followSymlinks ?? true };
}

function writeFile(
  { fileSystem }: FsContext,
  params: MethodParams["fs/writeFile"],
): Answer<MethodResults["fs/writeFile"]> {
  const path = located(params);
  const scratch = borrowBytes(decodedBytes(params.dataBase64));
  return withCleanup(
    () => {
      const content = contentOf(params.dataBase64, scratch.bytes);
      return andThen(fileSystem.writeFile(path, content, follow(params)), nothing);
    },
    () => scratch[Symbol.dispose](),
  );
}

function contentOf(dataBase64: string, target: Uint8Array): Uint8Array {
  try {
    return decodeBase64Into(dataBase64, target);
  } catch (cause) {
    if (!(cause instanceof Base64Error)) throw cause;
    throw invalidInput(`fs/writeFile requires valid base64 dataBase64: ${cause.message}`);
  }
}

/** A handle that failed to read is closed, as its next read would fail too. */
function readBlock(
  handles: FileHandles,
  { handleId, offset, len }: MethodParams["fs/readBlock"],
): Answer<MethodResults["fs/readBlock"]> {
  checkBlockLength("read", len);
  const file = handles.get(handleId);
  const failed = (cause: unknown): never => {
    handles.close(handleId);
    throw cause;
  };
  try {
    const bytes = file.read(offset, len);
    const result = andThen(bytes, (chunk) => ({ chunk: encodeBase64(chunk), eof: chunk.byteLength < len }));
    return result instanceof Promise ? result.catch(failed) : result;
  } catch (cause) {
    return failed(cause);
  }
}

function checkBlockLength(action: "read" | "write", length: number): void {
  if (length >= 1 && length <= limits.fsBlockBytes) return;
  throw invalidInput(`file ${action} block length must be between 1 and ${limits.fsBlockBytes}`);
}

function walk(fileSystem: FileSystem, params: MethodParams["fs/walk"]): Answer<MethodResults["fs/walk"]> {
  const { form } = params.path;
  const options: WalkOptions = {
    ...params.options,
    pathBytes: (path) => Buffer.byteLength(formatPath(path, form)),
  };
  return andThen(fileSystem.walk(located(params), options), (result) => formatWalk(result, form));
}

function formatWalk({ entries, errors, truncated }: WalkResult, form: PathForm): MethodResults["fs/walk"] {
  return {
    entries: entries.map(({ path, kind }) => ({ path: formatPath(path, form), kind })),
    errors: errors.map(({ path, message }) => ({ path: formatPath(path, form), message })),
    truncated,
  };
}

/** Paths of another host cannot be watched here; as all that cannot be, that is no error. */
function watchMissing(
  context: FsContext,
  params: MethodParams["fs/watchMissing"],
): Answer<MethodResults["fs/watchMissing"]> {
  const { watchId } = params;
  const watching = context.watch.replace(watchId, () => {
    const paths = hostPaths(params.missing);
    const present = params.present === null ? [null] : hostPaths([params.present]);
    if (paths === null || present === null) return null;
    const changed = () => context.notify("fs/missingChanged", { watchId });
    return context.fileSystem.watchMissing(paths, changed, present[0] ?? null);
  });
  return andThen(watching, (stands) => ({ watching: stands }));
}

function hostPaths(paths: MethodParams["fs/watchMissing"]["missing"]): NativePath[] | null {
  try {
    return paths.map((path) => path.toHost().native);
  } catch {
    return null;
  }
}
