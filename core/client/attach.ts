import * as v from "valibot";
import { Caller, NotAMessageError, ProtocolViolationError } from "../rpc/caller.ts";
import type { RemoteMethod } from "../rpc/remote-calls.ts";
import type { ConnectionEvents } from "../transport/connection.ts";
import type { DialedConnection } from "../transport/dialed-connection.ts";
import { type DialOptions, dial } from "./dial.ts";
import { environmentMethods } from "./environment-info.ts";
import { Heartbeat } from "./heartbeat.ts";
import { limitNoise } from "./limit-noise.ts";
import type { Noise } from "./noise.ts";
import type { Target } from "./target.ts";

/** What `initialize` says to the server. */
export interface Introduction {
  readonly clientName: string;
  readonly resumeSessionId: string | null;
  /** Asks how long the session may live without a link; servers that do not know it ignore it. */
  readonly sessionTtlSeconds?: number;
}

/** How long to wait, ms. */
export interface Deadlines {
  readonly dialMs?: number;
  readonly initializeMs?: number;
}

export interface AttachOptions extends Deadlines {
  readonly signal?: AbortSignal;
}

export interface AttachmentEvents {
  notified(method: string, params: unknown): void;
  heard(noise: Noise): void;
  opened(connection: DialedConnection): unknown;
  /** Whether the client has stopped reading. */
  isHeld(): boolean;
  /** The connection is over; `error` where the server broke the protocol. */
  ended(attachment: Attachment, reason: string, error: Error | undefined): void;
}

/** A connection that has been introduced to the server. */
export interface Attachment {
  readonly connection: DialedConnection;
  readonly caller: Caller;
}

export type Introduced = Attachment &
  v.InferOutput<typeof environmentMethods.initialize.answer> & {
    /** All that the server answered, be it unknown to us. */
    readonly answer: unknown;
  };

/** Dials and introduces us. Rejects with DialError, RpcError, LinkCutError, DeadlineError or ProtocolViolationError. */
export async function attach(
  target: Target,
  introduction: Introduction,
  events: AttachmentEvents,
  options: AttachOptions = {},
): Promise<Introduced> {
  const opened = Promise.withResolvers<Attachment>();
  const heard = limitNoise(events.heard);
  let heartbeat: Heartbeat | undefined;
  const listen = (connection: DialedConnection): ConnectionEvents => {
    const caller = new Caller({
      send: (text) => connection.send(text),
      notified: events.notified,
      isHeld: events.isHeld,
    });
    const attachment: Attachment = { connection, caller };
    let violation: Error | undefined;
    opened.resolve(attachment);
    events.opened(connection);
    return {
      message(text) {
        heartbeat?.heard();
        try {
          attachment.caller.receive(text);
        } catch (error) {
          if (error instanceof NotAMessageError && connection.transport === "stdio") {
            return heard({ from: "stdout", text });
          }
          violation ??= asViolation(error);
          connection.close(1002, violation.message);
        }
      },
      drained() {},
      closed() {
        const reason = connection.end?.reason ?? "the connection was closed";
        heartbeat?.stop();
        attachment.caller.cut(reason);
        events.ended(attachment, reason, violation);
      },
    };
  };
  await dial(target, listen, dialOptions(heard, options));
  const attachment = await opened.promise;
  try {
    const { name, deadlineMs } = environmentMethods.initialize;
    const answer = await attachment.caller.request(name, introduction, {
      deadlineMs: options.initializeMs ?? deadlineMs,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const introduced = parseAnswer(environmentMethods.initialize, answer);
    attachment.caller.notify("initialized", {});
    // The reference answers nothing behind a write that waits, so its silence says nothing.
    const isOurs = Boolean(introduced.environmentInfo?.codexEnvVersion);
    const { connection } = attachment;
    if (connection.transport === "stdio" && isOurs && connection.end === undefined)
      heartbeat = beat(attachment, events.isHeld);
    return { ...attachment, ...introduced, answer };
  } catch (error) {
    attachment.connection.close(1000, "not introduced");
    throw error;
  }
}

function beat({ connection, caller }: Attachment, isHeld: () => boolean): Heartbeat {
  return new Heartbeat({
    isHeld,
    ask: () => void caller.request(environmentMethods.status.name, {}).catch(() => {}),
    giveUp: (reason) => connection.close(1006, reason),
  });
}

function dialOptions(heard: AttachmentEvents["heard"], { dialMs, signal }: AttachOptions): DialOptions {
  return {
    heard,
    ...(dialMs === undefined ? {} : { deadlineMs: dialMs }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** The answer as the method's schema makes it. Throws {@link ProtocolViolationError}. */
export function parseAnswer<Schema extends v.GenericSchema>(
  method: RemoteMethod<Schema>,
  answer: unknown,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(method.answer, answer);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw new ProtocolViolationError(
    `${method.name}: the answer is malformed at ${v.getDotPath(issue) ?? "its top"}`,
  );
}

function asViolation(error: unknown): Error {
  if (error instanceof ProtocolViolationError) return error;
  if (error instanceof v.ValiError)
    return new ProtocolViolationError("the server sent a malformed notification");
  return error instanceof Error ? error : new Error(String(error));
}
