import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { ExecClient } from "../../core/client/connect-client.ts";
import { resolveRemote } from "../../core/client/remote-path.ts";
import { startDirectory } from "../../core/client/start-directory.ts";
import { RpcError } from "../../core/protocol/rpc-error.ts";
import { LinkLostError } from "../../core/rpc/remote-calls.ts";
import { UsageError } from "../command.ts";
import { describeError } from "../describe-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { openFailure } from "../link/failure.ts";
import { Screen } from "../terminal/screen.ts";
import { type CopyRoute, copy } from "./copy.ts";
import type { CopyRequest } from "./copy-request.ts";
import { Interruption } from "./interruption.ts";
import { IncompleteFileError } from "./land.ts";
import { liesWithin } from "./lies-within.ts";
import { type CopyEnds, openEnds } from "./open-ends.ts";
import { showProgress } from "./show-progress.ts";
import { parseSide, type Side } from "./side.ts";

/** Copies as `codex-env cp` is asked to and resolves to the exit code. */
export async function cp(request: CopyRequest): Promise<number> {
  const screen = new Screen("codex-env cp");
  if (request.source === "-" || request.destination === "-") {
    throw new UsageError(
      "cp copies files; for a stream use codex-env exec -- cat PATH, or -- sh -c 'cat >PATH'",
    );
  }
  const [from, to] = [parseSide(request.source), parseSide(request.destination)];
  if (from.kind === "here" && to.kind === "here") {
    throw new UsageError(
      "one of SOURCE and DESTINATION is in an environment: write it env:PATH or NAME:PATH",
    );
  }
  let ends: CopyEnds;
  try {
    ends = await openEnds({ from, to, request, screen });
  } catch (error) {
    const failure = openFailure(error);
    if (failure === undefined) throw error;
    screen.note(failure.sentence);
    return failure.exitCode;
  }
  try {
    return await run({ from, to, ends, recursive: request.recursive, screen });
  } catch (error) {
    screen.note(describeError(error));
    return error instanceof LinkLostError ? ExitCode.linkLost : 1;
  } finally {
    await ends.close();
  }
}

interface OpenedCopy {
  readonly from: Side;
  readonly to: Side;
  readonly ends: CopyEnds;
  readonly recursive: boolean;
  readonly screen: Screen;
}

async function run({ from, to, ends, recursive, screen }: OpenedCopy): Promise<number> {
  const source = pathOf(from, ends.source);
  const target = pathOf(to, ends.destination);
  const inside = await isDirectory(target, ends.destination);
  const destination = inside ? join(target, basename(source)) : target;
  if (ends.source !== undefined && ends.source === ends.destination) {
    await within(ends.source, source, destination, { recursive, name: nameOf(from) });
    return 0;
  }
  const names = { from: nameOf(from), to: nameOf(to) };
  if (recursive && ends.sameMachine && (await liesWithin(source, destination))) {
    throw new Error(
      `${names.from}${source} to ${names.to}${destination}: cannot copy a directory into itself`,
    );
  }
  using interruption = new Interruption(
    [ends.source, ends.destination].filter((client) => client !== undefined),
  );
  using progress = showProgress();
  const common = { progress, signal: interruption.signal, mayRun: ends.mayRun };
  const job = { route: routeOf(ends, common), from: source, to: destination, names, recursive };
  try {
    const failures = await copy(job, (sentence) => screen.note(sentence));
    return failures === 0 ? 0 : 1;
  } catch (error) {
    if (interruption.exitCode === undefined) throw error;
    screen.note(
      error instanceof IncompleteFileError ? describeError(error) : "given up; the destination is as it was",
    );
    return interruption.exitCode;
  }
}

async function within(
  { files }: ExecClient,
  from: string,
  to: string,
  { recursive, name }: { readonly recursive: boolean; readonly name: string },
): Promise<void> {
  try {
    await files.copy(from, to, { recursive });
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    throw new Error(`${name}${from} to ${name}${to}: ${error.message}`, { cause: error });
  }
}

function nameOf(side: Side): string {
  return side.kind === "here" ? "" : `${side.environment ?? "env"}:`;
}

function routeOf(
  { source, destination }: CopyEnds,
  common: Omit<CopyRoute["transfer"], "client" | "source">,
): CopyRoute {
  if (source !== undefined && destination !== undefined) {
    return { kind: "relay", transfer: { ...common, source, client: destination } };
  }
  if (source !== undefined) return { kind: "get", transfer: { ...common, client: source } };
  if (destination !== undefined) return { kind: "put", transfer: { ...common, client: destination } };
  throw new Error("neither side is in an environment");
}

/** A path in an environment starts where its server does, never in a directory of this machine. */
function pathOf({ path }: Side, client: ExecClient | undefined): string {
  if (client === undefined) return resolve(path);
  return resolveRemote(startDirectory(client.info), path);
}

async function isDirectory(path: string, client: ExecClient | undefined): Promise<boolean> {
  if (client === undefined) return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  try {
    return (await client.files.getMetadata(path)).isDirectory;
  } catch {
    return false;
  }
}
