import type { MethodParams } from "../protocol/methods.ts";
import { ErrorCode, RpcError } from "../protocol/rpc-error.ts";
import type { Attachment, Session } from "../session/session.ts";
import type { SessionRegistry } from "../session/session-registry.ts";

type State =
  | { readonly kind: "fresh" }
  | { readonly kind: "initialized"; readonly session: Session; readonly resumed: boolean }
  | { readonly kind: "ready"; readonly session: Session };

/** The order a connection has to keep: `initialize`, its answer, the notification `initialized`, then requests. */
export class Handshake {
  readonly #registry: SessionRegistry;
  readonly #attachment: Attachment;
  #state: State = { kind: "fresh" };

  constructor(registry: SessionRegistry, attachment: Attachment) {
    this.#registry = registry;
    this.#attachment = attachment;
  }

  /** The session this connection holds, from `initialize` on. */
  get session(): Session | undefined {
    return this.#state.kind === "fresh" ? undefined : this.#state.session;
  }

  /** Opens or resumes. A refusal leaves the connection fresh: it may be sent again. */
  initialize(params: MethodParams["initialize"]): Session {
    if (this.#state.kind !== "fresh") {
      throw new RpcError(ErrorCode.invalidRequest, "initialize may only be sent once per connection");
    }
    const { resumeSessionId } = params;
    const session =
      resumeSessionId === null
        ? this.#registry.open(this.#attachment, params.sessionTtlSeconds ?? undefined)
        : this.#registry.resume(resumeSessionId, this.#attachment);
    this.#state = { kind: "initialized", session, resumed: resumeSessionId !== null };
    return session;
  }

  /** The notification `initialized`; a second one is harmless. False: it came before `initialize` succeeded. */
  initialized(): boolean {
    switch (this.#state.kind) {
      case "fresh":
        return false;
      case "ready":
        return true;
      case "initialized": {
        const { session, resumed } = this.#state;
        this.#state = { kind: "ready", session };
        session.listen(resumed);
        return true;
      }
    }
  }

  /** The session, for a request of `family`; throws {@link RpcError} before its time. */
  ready(family: string): Session {
    switch (this.#state.kind) {
      case "fresh":
        throw new RpcError(
          ErrorCode.invalidRequest,
          `client must call initialize before using ${family} methods`,
        );
      case "initialized":
        throw new RpcError(
          ErrorCode.invalidRequest,
          `client must send initialized before using ${family} methods`,
        );
      case "ready":
        return this.#state.session;
    }
  }
}
