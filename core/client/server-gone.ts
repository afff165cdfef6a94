import { providerId } from "../host/provider-id.ts";
import { limits } from "../limits.ts";
import { DialError } from "../transport/dialed-connection.ts";
import { isLoopback } from "./is-loopback.ts";
import type { Target } from "./target.ts";

/**
 * Tells a server of this machine that has ended from a network that is down. Behind an address of this machine a tunnel
 * may lead elsewhere and come back, so what counts is where the server itself has said it is.
 */
export class ServerGone {
  readonly #local: boolean;
  readonly #provider: string | null | undefined;
  #sinceMs: number | undefined;

  /** `provider` is what the server has said of its machine. */
  constructor(target: Target, provider: string | null | undefined) {
    this.#local = isLocal(target);
    this.#provider = provider;
  }

  /** Is told of every attempt that failed. Resolves to why none will succeed, or undefined. */
  async after(failure: unknown): Promise<string | undefined> {
    if (!this.#local || !nothingListens(failure)) {
      this.#sinceMs = undefined;
      return undefined;
    }
    this.#sinceMs ??= performance.now();
    if (performance.now() - this.#sinceMs < limits.serverGoneMs) return undefined;
    if (!(await isOfThisMachine(this.#provider))) return undefined;
    return "its server on this machine has ended: nothing listens there any more, and its processes ended with it";
  }
}

/** Whether a server of this machine is there no more, as a first attempt to reach it shows. */
export async function hasEnded(
  target: Target,
  provider: string | null | undefined,
  failure: unknown,
): Promise<boolean> {
  return isLocal(target) && nothingListens(failure) && (await isOfThisMachine(provider));
}

async function isOfThisMachine(provider: string | null | undefined): Promise<boolean> {
  const { machineId } = await import("../host/machine-id.ts");
  return provider === providerId(await machineId());
}

function isLocal(target: Target): boolean {
  if (target.kind === "unix") return true;
  return target.kind === "websocket" && isLoopback(target.url);
}

function nothingListens(failure: unknown): boolean {
  if (!(failure instanceof DialError) || !(failure.cause instanceof Error)) return false;
  const code = "code" in failure.cause ? failure.cause.code : undefined;
  return code === "ECONNREFUSED" || code === "ENOENT";
}
