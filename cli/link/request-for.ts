import { type LinkRequest, linkTo } from "./link-flags.ts";
import type { Reach } from "./open-link.ts";

/** Asks for the same place again, whatever the default or the variable says by now. */
export function requestFor(reach: Reach, asked: Pick<LinkRequest, "resume" | "sessionTtl">): LinkRequest {
  if (reach.kind === "environment") return linkTo(reach.name, asked);
  const { url, tokenFile, caFile } = reach;
  const { resume, sessionTtl } = asked;
  return { environment: undefined, url, tokenFile, caFile, resume, sessionTtl };
}
