import type { ExecClient } from "../../core/client/connect-client.ts";
import type { LinkState } from "../../core/client/link-state.ts";
import { openDestination } from "../link/open-destination.ts";
import type { OpenSession } from "../link/open-session.ts";
import { readAuthorities } from "../link/session-options.ts";
import { sanitise } from "../terminal/sanitise.ts";
import type { Screen } from "../terminal/screen.ts";
import type { CopyRequest } from "./copy-request.ts";
import type { Side } from "./side.ts";

/** The sessions of a copy; absent on the side that is here. Within one environment both are the same. */
export interface CopyEnds {
  readonly source: ExecClient | undefined;
  readonly destination: ExecClient | undefined;
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

/** Connects to the environments that a copy is between, to both at the same time. Rejects as openDestination does. */
export async function openEnds({ from, to, request, screen }: EndsToOpen): Promise<CopyEnds> {
  const open = (side: Side) => openSide(side, request, screen);
  const isOne = from.kind === "there" && to.kind === "there" && from.environment === to.environment;
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
  return { source: source?.client, destination: destination?.client, close };
}

async function openSide(side: Side, request: CopyRequest, screen: Screen): Promise<OpenSession | undefined> {
  if (side.kind === "here") return undefined;
  const { environment, url, tokenFile, caFile, resume } = request;
  const tls = readAuthorities(caFile);
  const kept = { resume, sessionTtl: undefined };
  const choice =
    side.environment === undefined
      ? { ...kept, environment, url, tokenFile, caFile, ...(tls === undefined ? {} : { tls }) }
      : { ...kept, environment: side.environment, url: undefined, tokenFile: undefined, caFile: undefined };
  const options = {
    clientName: "codex-env cp",
    resume,
    usualTtlSeconds,
    note: (sentence: string) => screen.note(sentence),
    onState(state: LinkState) {
      if (state.kind === "recovering")
        screen.note(`the link was cut (${sanitise(state.reason)}); restoring it`);
    },
  };
  return await openDestination(choice, options);
}
