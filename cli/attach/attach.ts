import type { LinkState } from "../../core/client/link-state.ts";
import { UsageError } from "../command.ts";
import { describeError } from "../describe-error.ts";
import { LinkNews } from "../exec/link-news.ts";
import { say, speakAs } from "../exec/say.ts";
import { ExitCode } from "../exit-codes.ts";
import { openFailure } from "../link/failure.ts";
import type { OpenLink } from "../link/open-link.ts";
import { SessionRegistry } from "../registry/session-registry.ts";
import { type FoundProcess, findProcess } from "./find-process.ts";
import { openLeftSession, SessionOverError } from "./open-left-session.ts";
import { watchProcess } from "./watch-process.ts";

export interface AttachRequest {
  /** The beginning of its id. */
  readonly process: string | undefined;
  readonly tokenFile: string | undefined;
  readonly caFile: string | undefined;
}

/** Goes back to a process that was left, and resolves to its exit code, or to one of our own. */
export async function attach(request: AttachRequest): Promise<number> {
  speakAs("codex-env attach");
  const registry = new SessionRegistry(process.env);
  let found: FoundProcess;
  try {
    found = findProcess(registry.list(), request.process);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    say(describeError(error));
    return ExitCode.notConnected;
  }
  using news = new LinkNews();
  let quiet = false;
  const onState = (state: LinkState) => {
    if (!quiet) news.heard(state);
  };
  let link: OpenLink;
  try {
    const { entry } = found.session;
    link = await openLeftSession({ ...request, entry }, { onState, note: say });
  } catch (error) {
    if (error instanceof SessionOverError) {
      registry.remove(found.session.id);
      say(error.message);
      return ExitCode.linkLost;
    }
    const failure = openFailure(error);
    if (failure === undefined) throw error;
    say(failure.sentence);
    return failure.exitCode;
  }
  return await watchProcess(link, found, () => {
    quiet = true;
  });
}
