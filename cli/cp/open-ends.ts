import type { ExecClient } from "../../core/client/connect-client.ts";
import { linkTo } from "../link/link-flags.ts";
import { type OpenLink, openLink } from "../link/open-link.ts";
import { sanitise } from "../terminal/sanitise.ts";
import type { Screen } from "../terminal/screen.ts";
import type { CopyRequest } from "./copy-request.ts";
import type { Side } from "./side.ts";

/** The sessions of a copy; absent on the side that is here. Within one environment both are the same. */
export interface CopyEnds {
  readonly source: ExecClient | undefined;
  readonly destination: ExecClient | undefined;
  /** Both are known to be on this machine, so that a path is the same file on both sides. */
  readonly sameMachine: boolean;
  /** Whether the destination's configuration lets commands run there. */
  readonly mayRun: boolean;
  close(): Promise<void>;
}

export interface EndsToOpen {
  readonly from: Side;
  readonly to: Side;
  readonly request: CopyRequest;
  readonly screen: Screen;
}

/** How long a session may outlive a cut link where nobody says it, s. */
const usualTtlSeconds = 600;

/** Connects to the environments that a copy is between, to both at the same time. Rejects as openLink does. */
export async function openEnds({ from, to, request, screen }: EndsToOpen): Promise<CopyEnds> {
  const isOne = from.kind === "there" && to.kind === "there" && from.environment === to.environment;
  const open = (side: Side) => openSide(side, { request, screen });
  const opening = isOne ? [open(from)] : [open(from), open(to)];
  const settled = await Promise.allSettled(opening);
  const sessions = settled.map((result) => (result.status === "fulfilled" ? result.value : undefined));
  const close = async () => {
    await Promise.all(new Set(sessions.map((session) => session?.close())));
  };
  const failed = settled.find((result) => result.status === "rejected");
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  const [source, destination] = isOne ? [sessions[0], sessions[0]] : sessions;
  const sameMachine = isOne || (isHere(source) && isHere(destination));
  const mayRun = destination?.mayRun !== false;
  return { source: source?.client, destination: destination?.client, sameMachine, mayRun, close };
}

/** No session, or one with a server inside this program. */
function isHere(session: OpenLink | undefined): boolean {
  return session === undefined || session.local;
}

async function openSide(
  side: Side,
  { request: { link }, screen }: Pick<EndsToOpen, "request" | "screen">,
): Promise<OpenLink | undefined> {
  if (side.kind === "here") return undefined;
  const request = side.environment === undefined ? link : linkTo(side.environment, link);
  return await openLink(request, {
    clientName: "codex-env cp",
    usualTtlSeconds,
    uses: ["files"],
    note: (sentence) => screen.note(sentence),
    onState(state) {
      if (state.kind === "recovering")
        screen.note(`the link was cut (${sanitise(state.reason)}); restoring it`);
    },
  });
}
