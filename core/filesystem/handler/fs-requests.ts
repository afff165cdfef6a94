import { encodeBase64 } from "../../protocol/base64.ts";
import type { FsMethodName, MethodParams } from "../../protocol/methods.ts";
import { formatPath } from "../../protocol/path/format-path.ts";
import type { MethodResults } from "../../protocol/results.ts";
import { type Answer, andThen } from "../answer.ts";
import { readBlock, writeBlock } from "./blocks.ts";
import type { FsContext } from "./fs-context.ts";
import type { Access } from "./request-order.ts";
import { follow, refuseSandbox, requestedPath } from "./requested-path.ts";
import { walkTree } from "./walk-tree.ts";
import { watchMissing } from "./watch-missing.ts";
import { writeFile } from "./write-file.ts";

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
      const bytes = fileSystem.readFile(requestedPath(params), follow(params));
      return andThen(bytes, (content) => ({ dataBase64: encodeBase64(content) }));
    },
  },
  "fs/writeFile": {
    access: "exclusive",
    run: ({ fileSystem }, params) => andThen(writeFile(fileSystem, params), nothing),
  },
  "fs/createDirectory": {
    access: "exclusive",
    run({ fileSystem }, params) {
      const options = { ...follow(params), recursive: params.recursive ?? true };
      return andThen(fileSystem.createDirectory(requestedPath(params), options), nothing);
    },
  },
  "fs/getMetadata": {
    access: "shared",
    run: ({ fileSystem }, params) => fileSystem.getMetadata(requestedPath(params), follow(params)),
  },
  "fs/canonicalize": {
    access: "shared",
    run({ fileSystem }, params) {
      const real = fileSystem.canonicalize(requestedPath(params));
      return andThen(real, (path) => ({ path: formatPath(path, params.path.form) }));
    },
  },
  "fs/readDirectory": {
    access: "shared",
    run: ({ fileSystem }, params) =>
      andThen(fileSystem.readDirectory(requestedPath(params)), (entries) => ({ entries })),
  },
  "fs/walk": {
    access: "shared",
    run: ({ fileSystem }, params) => walkTree(fileSystem, params),
  },
  "fs/remove": {
    access: "exclusive",
    run({ fileSystem }, params) {
      const options = { ...follow(params), recursive: params.recursive ?? true, force: params.force ?? true };
      return andThen(fileSystem.remove(requestedPath(params), options), nothing);
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
      const path = requestedPath(params);
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
    run: ({ handles }, params) => andThen(writeBlock(handles, params), nothing),
  },
  "fs/close": {
    access: "exclusive",
    run: ({ handles }, params) => andThen(handles.close(params.handleId), nothing),
  },
  "fs/watchMissing": {
    access: "exclusive",
    run: (context, params) => andThen(watchMissing(context, params), (watching) => ({ watching })),
  },
};
