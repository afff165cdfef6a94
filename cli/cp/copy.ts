import { stat } from "node:fs/promises";
import { RpcError } from "../../core/protocol/rpc-error.ts";
import { LinkLostError } from "../../core/rpc/remote-calls.ts";
import { describeError } from "../describe-error.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { downloadTree, uploadTree } from "./copy-tree.ts";
import { download } from "./download.ts";
import type { Transfer } from "./transfer.ts";
import { upload } from "./upload.ts";

/** One copy between this machine and the environment; the paths are absolute and final. */
export interface CopyJob {
  readonly direction: "get" | "put";
  readonly from: string;
  readonly to: string;
  readonly recursive: boolean;
}

/** Does the copy. Resolves to the number of files that failed, each told to `report`; rejects where nothing could begin. */
export async function copy(
  transfer: Transfer,
  job: CopyJob,
  report: (sentence: string) => void,
): Promise<number> {
  const { direction, from, to, recursive } = job;
  const single = direction === "get" ? download : upload;
  const remote = direction === "get" ? from : to;
  if (!(await naming(remote, isDirectory(transfer, job)))) {
    await naming(remote, single(transfer, from, to));
    return 0;
  }
  if (!recursive) throw new Error(`${from} is a directory; -r copies directories`);
  let failures = 0;
  const tree = direction === "get" ? downloadTree : uploadTree;
  await tree(transfer, from, to, (path, error) => {
    // Without a link every further file would fail for the same reason.
    if (error instanceof LinkLostError) throw error;
    failures++;
    report(`${sanitise(path)}: ${describeError(error)}`);
  });
  return failures;
}

/** What the server refuses, it refuses without saying of which file. */
async function naming<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RpcError) throw new Error(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

async function isDirectory({ client }: Transfer, { direction, from }: CopyJob): Promise<boolean> {
  const facts =
    direction === "get"
      ? (await client.files.getMetadata(from)).isDirectory
      : (await stat(from)).isDirectory();
  return facts;
}
