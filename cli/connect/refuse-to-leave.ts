import type { OpenLink } from "../link/open-link.ts";

/** What runs in the session would not go on without this REPL; the message says why. */
export class CannotLeaveError extends Error {
  override readonly name = "CannotLeaveError";
}

/** Throws {@link CannotLeaveError} where the session ends with its connection, or soon after it. */
export function refuseToLeave({ client, local, name, reach }: OpenLink): void {
  if (local) throw new CannotLeaveError("it runs in a server that ends with this program");
  if (!client.resumes) {
    throw new CannotLeaveError(`it would end with this connection to ${name}, which cannot be resumed`);
  }
  if (!client.info.capabilities.sessionTtl) {
    const who = reach.kind === "url" ? "this server" : name;
    const kept = `${who} keeps a session for ${client.sessionTtlSeconds} s without a link`;
    throw new CannotLeaveError(`${kept} and cannot be asked for more, so it would end then`);
  }
  if (client.state.kind !== "ready") {
    throw new CannotLeaveError("the link is down; wait for it, or .reconnect");
  }
}
