import { isatty } from "node:tty";
import type { ExecClient } from "../../core/client/connect-client.ts";
import { pathToUri, resolveRemote, uriToPath } from "../../core/client/remote-path.ts";
import { startDirectory } from "../../core/client/start-directory.ts";
import { UsageError } from "../command.ts";
import { type Failure, openFailure } from "../link/failure.ts";
import type { LinkRequest } from "../link/link-flags.ts";
import { type OpenLink, openLink } from "../link/open-link.ts";
import { serverEndBehind } from "../link/server-end-behind.ts";
import { parseVariables } from "../link/session-options.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { LinkNews } from "./link-news.ts";
import { RegisteredCommand } from "./registered-command.ts";
import { runCommand } from "./run-command.ts";
import { say } from "./say.ts";

export interface ExecRequest {
  readonly link: LinkRequest;
  readonly cwd: string | undefined;
  /** Undefined: when stdin and stdout are terminals. */
  readonly tty: boolean | undefined;
  readonly variables: readonly string[];
  readonly argv: readonly string[];
}

/** How long a command may outlive a cut link where nobody says it, s. */
const usualTtlSeconds = 600;

/** Runs one command in an environment and resolves to its exit code, or to one of our own. */
export async function execute(request: ExecRequest): Promise<number> {
  const [program, ...rest] = request.argv;
  if (program === undefined || program === "") throw new UsageError("CMD is empty");
  const variables = parseVariables(request.variables);
  using news = new LinkNews();
  const session = await open(request, news);
  if ("sentence" in session) return fail(session);
  const registered = new RegisteredCommand(session, request.argv);
  try {
    const code = await runCommand(session.client, {
      argv: [program, ...rest],
      cwd: pathToUri(workingDirectory(session.client, request.cwd)),
      variables,
      tty: request.tty ?? (isatty(0) && isatty(1)),
      started: (process) => registered.started(process),
    });
    const lost = session.local ? undefined : await serverEndBehind(code, session.client);
    if (lost !== undefined) say(`the server ended the command: ${sanitise(lost)}`);
    return code;
  } finally {
    registered.end();
    await session.close();
  }
}

async function open({ link }: ExecRequest, news: LinkNews): Promise<OpenLink | Failure> {
  try {
    return await openLink(link, {
      clientName: "codex-env exec",
      usualTtlSeconds,
      uses: ["commands"],
      onState: news.heard,
      note: say,
    });
  } catch (error) {
    const failure = openFailure(error);
    if (failure === undefined) throw error;
    return failure;
  }
}

function workingDirectory(client: ExecClient, asked: string | undefined): string {
  const home = startDirectory(client.info);
  if (asked === undefined) return home;
  return resolveRemote(home, asked.startsWith("file:") ? uriToPath(asked) : asked);
}

function fail({ exitCode, sentence }: Failure): number {
  say(sentence);
  return exitCode;
}
