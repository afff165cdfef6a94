import { stat } from "node:fs/promises";
import { RpcError } from "../../core/protocol/rpc-error.ts";
import { LinkLostError } from "../../core/rpc/remote-calls.ts";
import { describeError } from "../describe-error.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { downloadTree, relayTree, type TreeFailure, uploadTree } from "./copy-tree.ts";
import { download } from "./download.ts";
import { type Relay, relay } from "./relay.ts";
import type { Transfer } from "./transfer.ts";
import { upload } from "./upload.ts";

/** One copy; the paths are absolute and final. */
export interface CopyJob {
  readonly route: CopyRoute;
  readonly from: string;
  readonly to: string;
  readonly recursive: boolean;
}

/** From the environment, into it, or from one environment to another. */
export type CopyRoute =
  | { readonly kind: "get" | "put"; readonly transfer: Transfer }
  | { readonly kind: "relay"; readonly transfer: Relay };

/** Does the copy. Resolves to the number of files that failed, each told to `report`; rejects where nothing could begin. */
export async function copy(job: CopyJob, report: (sentence: string) => void): Promise<number> {
  const { route, from, to, recursive } = job;
  const remote = route.kind === "put" ? to : from;
  if (!(await naming(remote, isDirectory(job)))) {
    await naming(remote, copyFile(route, from, to));
    return 0;
  }
  if (!recursive) throw new Error(`${from} is a directory; -r copies directories`);
  let failures = 0;
  await copyTree(route, { from, to }, (path, error) => {
    // Without a link every further file would fail for the same reason.
    if (error instanceof LinkLostError) throw error;
    failures++;
    report(`${sanitise(path)}: ${describeError(error)}`);
  });
  return failures;
}

async function copyFile(route: CopyRoute, from: string, to: string): Promise<void> {
  if (route.kind === "relay") return await relay(route.transfer, from, to);
  const single = route.kind === "get" ? download : upload;
  await single(route.transfer, from, to);
}

async function copyTree(
  route: CopyRoute,
  { from, to }: { readonly from: string; readonly to: string },
  failed: TreeFailure,
): Promise<void> {
  if (route.kind === "relay") return await relayTree(route.transfer, from, to, failed);
  const tree = route.kind === "get" ? downloadTree : uploadTree;
  await tree(route.transfer, from, to, failed);
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

async function isDirectory({ route, from }: CopyJob): Promise<boolean> {
  if (route.kind === "put") return (await stat(from)).isDirectory();
  const { files } = route.kind === "relay" ? route.transfer.source : route.transfer.client;
  return (await files.getMetadata(from)).isDirectory;
}
