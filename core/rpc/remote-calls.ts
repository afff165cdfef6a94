import type { GenericSchema, InferOutput } from "valibot";
import type { RequestOptions } from "./caller.ts";

/** One method as a client uses it. */
export interface RemoteMethod<Schema extends GenericSchema = GenericSchema> {
  readonly name: string;
  /** What the server's answer must be; the answer is what the schema makes of it. */
  readonly answer: Schema;
  /**
   * What to do when the link is cut before the answer: `repeat` where doing it twice is doing it once, `report` where
   * nobody can know whether it happened.
   */
  readonly afterCut: "repeat" | "report";
  /** Absent: it may take as long as it takes. */
  readonly deadlineMs?: number;
}

/** Calls methods of a server, across cuts of the link. */
export interface RemoteCalls {
  /**
   * Waits for the link where it is being restored. Rejects with RpcError, {@link LinkLostError},
   * {@link EffectUnknownError}, DeadlineError, ProtocolViolationError or the signal's reason.
   */
  call<Schema extends GenericSchema>(
    method: RemoteMethod<Schema>,
    params: object,
    options?: RequestOptions,
  ): Promise<InferOutput<Schema>>;
}

/** The session is over and nothing can be asked of it any more. */
export class LinkLostError extends Error {
  override readonly name = "LinkLostError";
}

/** The link was cut after the request went out; it may have taken effect, and it is not repeated. */
export class EffectUnknownError extends Error {
  override readonly name = "EffectUnknownError";
  constructor(method: string) {
    super(`${method}: the link was cut before the answer, so whether it took effect is unknown`);
  }
}

/** The server lacks what was asked for. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
}
