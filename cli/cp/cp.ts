import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { ExecClient } from "../../core/client/connect-client.ts";
import { resolveRemote, uriToPath } from "../../core/client/remote-path.ts";
import { LinkLostError } from "../../core/rpc/remote-calls.ts";
import { UsageError } from "../command.ts";
import { describeError } from "../describe-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { openFailure } from "../link/failure.ts";
import { openDestination } from "../link/open-destination.ts";
import type { OpenSession } from "../link/open-session.ts";
import { readAuthorities } from "../link/session-options.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { Screen } from "../terminal/screen.ts";
import { copy } from "./copy.ts";
import { Interruption } from "./interruption.ts";
import { showProgress } from "./show-progress.ts";

export interface CopyRequest {
  readonly source: string;
  readonly destination: string;
  readonly recursive: boolean;
  readonly environment: string | undefined;
  readonly url: string | undefined;
  readonly tokenFile: string | undefined;
  readonly caFile: string | undefined;
  readonly resume: boolean;
}

/** Marks the environment's side. */
const prefix = "env:";

/** Copies as `codex-env cp` is asked to and resolves to the exit code. */
export async function cp(request: CopyRequest): Promise<number> {
  const screen = new Screen("codex-env cp");
  const { source, destination } = request;
  if (!source.startsWith(prefix) && !destination.startsWith(prefix)) {
    throw new UsageError(`one of SOURCE and DESTINATION is in the environment: write it ${prefix}PATH`);
  }
  if (source === "-" || destination === "-") {
    throw new UsageError(
      "cp copies files; for a stream use codex-env exec -- cat PATH, or -- sh -c 'cat >PATH'",
    );
  }
  const tls = readAuthorities(request.caFile);
  let session: OpenSession;
  try {
    const { environment, url, tokenFile, resume } = request;
    const choice = { environment, url, tokenFile, ...(tls === undefined ? {} : { tls }) };
    session = await openDestination(choice, {
      clientName: "codex-env cp",
      resume,
      note: (sentence) => screen.note(sentence),
      onState(state) {
        if (state.kind === "recovering")
          screen.note(`the link was cut (${sanitise(state.reason)}); restoring it`);
      },
    });
  } catch (error) {
    const failure = openFailure(error);
    if (failure === undefined) throw error;
    screen.note(failure.sentence);
    return failure.exitCode;
  }
  try {
    return await run(session.client, request, screen);
  } catch (error) {
    screen.note(describeError(error));
    return error instanceof LinkLostError ? ExitCode.linkLost : 1;
  } finally {
    await session.close();
  }
}

async function run(client: ExecClient, request: CopyRequest, screen: Screen): Promise<number> {
  const { source, destination, recursive } = request;
  const get = source.startsWith(prefix);
  const put = destination.startsWith(prefix);
  const from = get ? remotePath(client, source) : resolve(source);
  const directory = put ? remotePath(client, destination) : resolve(destination);
  const inside = put ? await isRemoteDirectory(client, directory) : await isLocalDirectory(directory);
  const to = inside ? join(directory, basename(from)) : directory;
  if (get && put) {
    await client.files.copy(from, to, { recursive });
    return 0;
  }
  using interruption = new Interruption(client);
  using progress = showProgress();
  const transfer = { client, progress, signal: interruption.signal };
  const job = { direction: get ? ("get" as const) : ("put" as const), from, to, recursive };
  try {
    const failures = await copy(transfer, job, (sentence) => screen.note(sentence));
    return failures === 0 ? 0 : 1;
  } catch (error) {
    if (interruption.exitCode === undefined) throw error;
    screen.note("given up; the destination is as it was");
    return interruption.exitCode;
  }
}

function remotePath({ info }: ExecClient, word: string): string {
  return resolveRemote(uriToPath(info.cwd ?? info.userHomeDir ?? "/"), word.slice(prefix.length));
}

async function isRemoteDirectory(client: ExecClient, path: string): Promise<boolean> {
  try {
    return (await client.files.getMetadata(path)).isDirectory;
  } catch {
    return false;
  }
}

async function isLocalDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
