import { isatty } from "node:tty";
import type { ExecClient } from "../../core/client/connect-client.ts";
import type { LinkState } from "../../core/client/link-state.ts";
import { pathToUri, resolveRemote, uriToPath } from "../../core/client/remote-path.ts";
import { UsageError } from "../command.ts";
import { chooseTarget } from "../link/choose-target.ts";
import { type Failure, openFailure } from "../link/failure.ts";
import { type OpenSession, openSession } from "../link/open-session.ts";
import { parseSessionTtl, parseVariables, readAuthorities } from "../link/session-options.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { runCommand } from "./run-command.ts";
import { say } from "./say.ts";

export interface ExecRequest {
  readonly url: string | undefined;
  readonly tokenFile: string | undefined;
  readonly caFile: string | undefined;
  readonly cwd: string | undefined;
  /** Undefined: when stdin and stdout are terminals. */
  readonly tty: boolean | undefined;
  readonly variables: readonly string[];
  readonly resume: boolean;
  readonly sessionTtl: string;
  readonly argv: readonly string[];
}

/** Runs one command in an environment and resolves to its exit code, or to one of our own. */
export async function execute(request: ExecRequest): Promise<number> {
  const [program, ...rest] = request.argv;
  if (program === undefined || program === "") throw new UsageError("CMD is empty");
  const variables = parseVariables(request.variables);
  const session = await open(request);
  if ("sentence" in session) return fail(session);
  try {
    return await runCommand(session.client, {
      argv: [program, ...rest],
      cwd: pathToUri(workingDirectory(session.client, request.cwd)),
      variables,
      tty: request.tty ?? (isatty(0) && isatty(1)),
    });
  } finally {
    await session.close();
  }
}

async function open(request: ExecRequest): Promise<OpenSession | Failure> {
  const tls = readAuthorities(request.caFile);
  try {
    const choice = { url: request.url, tokenFile: request.tokenFile, ...(tls === undefined ? {} : { tls }) };
    return await openSession(chooseTarget(choice, process.env), {
      clientName: "codex-env exec",
      sessionTtlSeconds: parseSessionTtl(request.sessionTtl),
      resume: request.resume,
      onState: announce,
    });
  } catch (error) {
    const failure = openFailure(error);
    if (failure === undefined) throw error;
    return failure;
  }
}

function workingDirectory(client: ExecClient, asked: string | undefined): string {
  const home = uriToPath(client.info.cwd ?? client.info.userHomeDir ?? "/");
  if (asked === undefined) return home;
  return resolveRemote(home, asked.startsWith("file:") ? uriToPath(asked) : asked);
}

function announce(state: LinkState): void {
  if (state.kind === "recovering") say(`the link was cut (${sanitise(state.reason)}); restoring it`);
  if (state.kind === "ready" && state.resumes > 0) say("the link is back");
}

function fail({ exitCode, sentence }: Failure): number {
  say(sentence);
  return exitCode;
}
