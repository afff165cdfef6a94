import { resolve } from "node:path";
import type { ClientOptions } from "../../core/client/connect-client.ts";
import type { LinkRequest } from "./link-flags.ts";
import { openDestination } from "./open-destination.ts";
import type { OpenSession } from "./open-session.ts";
import type { Use } from "./require-capabilities.ts";
import { readAuthorities } from "./session-options.ts";
import { unnamed } from "./unnamed.ts";

export interface OpenLinkOptions {
  readonly clientName: string;
  /** How long a session should outlive a cut link where neither the flag nor the configuration says it, s. */
  readonly usualTtlSeconds: number;
  /** What will be done there. */
  readonly uses: readonly Use[];
  /** The session of an earlier program, to go on with. */
  readonly resumeSessionId?: string;
  /** Where it has to be, as {@link OpenLink.where} says it. */
  readonly onlyAt?: string;
  readonly onState: NonNullable<ClientOptions["onState"]>;
  /** Gives up connecting. */
  readonly signal?: AbortSignal;
  /** Says a sentence to the user. */
  note(sentence: string): void;
}

/** How to come to the same place again, be it from another program. */
export type Reach =
  | { readonly kind: "environment"; readonly name: string }
  | {
      readonly kind: "url";
      readonly url: string;
      readonly tokenFile?: string | undefined;
      readonly caFile?: string | undefined;
    };

/** A session, and where it is. */
export interface OpenLink extends OpenSession {
  /** The environment's, or {@link unnamed}. */
  readonly name: string;
  readonly reach: Reach;
  /** The machine that is meant, for people and for telling one from another: free of secrets. */
  readonly where: string;
  /** False: the configuration keeps commands from it. */
  readonly mayRun: boolean;
}

/** Opens a session where the flags say. Rejects as openDestination does. */
export async function openLink(request: LinkRequest, options: OpenLinkOptions): Promise<OpenLink> {
  const { environment, url, tokenFile, caFile, resume, sessionTtl } = request;
  const tls = readAuthorities(caFile);
  const choice = { environment, url, tokenFile, ...(tls === undefined ? {} : { tls }) };
  const opened = await openDestination(choice, { ...options, sessionTtl, resume });
  const { name = unnamed, url: reachedUrl, capabilities } = opened.destination;
  const reach: Reach =
    reachedUrl === undefined
      ? { kind: "environment", name }
      : { kind: "url", url: reachedUrl, tokenFile: absolute(tokenFile), caFile: absolute(caFile) };
  return { ...opened, name, reach, mayRun: capabilities?.execEnabled !== false };
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}
