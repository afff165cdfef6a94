import * as v from "valibot";
import type { Ask } from "./bridged-files.ts";

const watching = v.looseObject({ watching: v.boolean() });
const changed = v.looseObject({ watchId: v.number() });

/** The one watch of a connection, set again after a cut. What may have appeared meanwhile is told, as it may be. */
export class BridgedWatch {
  readonly #ask: Ask;
  readonly #tell: (params: object) => void;
  #current: object | undefined;

  constructor(ask: Ask, tell: (params: object) => void) {
    this.#ask = ask;
    this.#tell = tell;
  }

  /** `fs/watchMissing`. */
  async request(params: object): Promise<unknown> {
    const answer = await this.#ask("fs/watchMissing", params, "repeat");
    if (v.is(watching, answer) && answer.watching) this.#current = params;
    return answer;
  }

  /** `fs/missingChanged`. */
  notified(params: unknown): void {
    if (!v.is(changed, params)) return;
    if (this.#current !== undefined && Reflect.get(this.#current, "watchId") === params.watchId)
      this.#current = undefined;
    this.#tell(params);
  }

  /** The link is back. */
  async resumed(): Promise<void> {
    const params = this.#current;
    if (params === undefined) return;
    const answer = await this.#ask("fs/watchMissing", params, "repeat").catch(() => undefined);
    if (this.#current !== params || (v.is(watching, answer) && answer.watching)) return;
    this.#current = undefined;
    this.#tell({ watchId: Reflect.get(params, "watchId") });
  }
}
