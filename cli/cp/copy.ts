import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { errnoOf } from "../../core/filesystem/os-error.ts";
import { osErrorText } from "../../core/host/errno.ts";
import { LinkLostError } from "../../core/rpc/remote-calls.ts";
import { describeError } from "../describe-error.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { downloadTree, relayTree, type TreeFailure, uploadTree } from "./copy-tree.ts";
import { tellingDanglingLink, tellingRemoteDanglingLink } from "./dangling-link.ts";
import { download } from "./download.ts";
import { type Relay, relay } from "./relay.ts";
import type { Transfer } from "./transfer.ts";
import { upload } from "./upload.ts";

/** One copy; the paths are absolute and final. */
export interface CopyJob {
  readonly route: CopyRoute;
  readonly from: string;
  readonly to: string;
  /** What stands before a path of each side in messages: `box:`, or nothing here. */
  readonly names: { readonly from: string; readonly to: string };
  readonly recursive: boolean;
}

/** From the environment, into it, or from one environment to another. */
export type CopyRoute =
  | { readonly kind: "get" | "put"; readonly transfer: Transfer }
  | { readonly kind: "relay"; readonly transfer: Relay };

/** Does the copy. Resolves to the number of files that failed, each told to `report`; rejects where nothing could begin. */
export async function copy(job: CopyJob, report: (sentence: string) => void): Promise<number> {
  const { route, from, to, recursive } = job;
  if (!(await naming(job, isDirectory(job)))) {
    await naming(job, copyFile(route, from, to));
    return 0;
  }
  if (!recursive) throw new Error(`${nameOf(job)}: it is a directory; -r copies directories`);
  let failures = 0;
  const tree = copyTree(route, { from, to }, (path, target, error) => {
    // Without a link every further file would fail for the same reason.
    if (error instanceof LinkLostError) throw error;
    failures++;
    report(`${sanitise(nameOf({ ...job, from: path, to: target }))}: ${describeError(withoutPath(error))}`);
  });
  await naming(job, tree);
  return failures;
}

/** Both sides of a copy: `box:/from to /to`. */
function nameOf({ from, to, names }: CopyJob): string {
  return `${names.from}${from} to ${names.to}${to}`;
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

/** Whoever refuses it, the server or the system here, both sides of it are told. */
async function naming<T>(job: CopyJob, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    // What became of the link is told by itself, and so is a copy that was given up.
    if (error instanceof LinkLostError || job.route.transfer.signal.aborted || !(error instanceof Error))
      throw error;
    throw new Error(`${nameOf(job)}: ${withoutPath(error).message}`, { cause: error });
  }
}

/** What the system here says of a path names it as well; as the other side says it, it is said once. */
function withoutPath(error: unknown): Error {
  const errno = errnoOf(error);
  if (errno !== undefined) return new Error(osErrorText(errno), { cause: error });
  return error instanceof Error ? error : new Error(String(error));
}

async function isDirectory({ route, from }: CopyJob): Promise<boolean> {
  if (route.kind === "put") return (await localStat(from)).isDirectory();
  const { files } = route.kind === "relay" ? route.transfer.source : route.transfer.client;
  try {
    return (await files.getMetadata(from)).isDirectory;
  } catch (error) {
    throw await tellingRemoteDanglingLink(files, from, error);
  }
}

async function localStat(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    throw await tellingDanglingLink(path, error);
  }
}
