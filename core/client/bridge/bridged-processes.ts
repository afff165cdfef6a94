import { limits } from "../../limits.ts";
import type { InboundBudget } from "../../process/remote/inbound-budget.ts";
import { parseNotification } from "../../process/remote/process-event.ts";
import { startOnce } from "../../process/remote/start-once.ts";
import type { Link } from "../link.ts";
import { BridgedProcess } from "./bridged-process.ts";
import { asObject, type Downstream, textMember } from "./downstream.ts";

/** The processes that a bridge's client started and that have not ended. */
export class BridgedProcesses {
  readonly #link: Link;
  readonly #client: Downstream;
  readonly #budget: InboundBudget;
  readonly #live = new Map<string, BridgedProcess>();
  readonly #starting = new Set<BridgedProcess>();

  constructor(link: Link, client: Downstream, budget: InboundBudget) {
    this.#link = link;
    this.#client = client;
    this.#budget = budget;
  }

  /** Whether a process of this id is running or starting, so that the server will refuse another. */
  has(processId: string): boolean {
    return this.#live.has(processId);
  }

  /** `process/start`; its events wait until {@link announce}. */
  async start(processId: string, params: unknown): Promise<object> {
    const process = new BridgedProcess({
      processId,
      tty: "tty" in asObject(params) && Reflect.get(asObject(params), "tty") === true,
      calls: this.#link,
      budget: this.#budget,
      client: this.#client,
      ended: () => this.#live.delete(processId),
    });
    // Before it is asked for: the reference may tell an event before it answers.
    this.#live.set(processId, process);
    this.#starting.add(process);
    try {
      const { answer, cut } = await startOnce(this.#link, { ...asObject(params), processId });
      if (cut) void process.remote.catchUp();
      return answer;
    } catch (error) {
      this.#live.delete(processId);
      throw error;
    } finally {
      this.#starting.delete(process);
    }
  }

  /** The client has been answered. */
  announce(params: unknown): void {
    this.#live.get(textMember(params, "processId") ?? "")?.announce();
  }

  /** True: the notification was about a process. Throws ValiError when it is malformed. */
  notified(method: string, params: unknown): boolean {
    const notification = parseNotification(method, params);
    if (notification === undefined) return false;
    this.#live.get(notification.processId)?.remote.notified(notification.event);
    return true;
  }

  /** The link is back. */
  resumed(): void {
    for (const process of this.#live.values()) {
      if (!this.#starting.has(process)) void process.remote.catchUp();
    }
  }

  /** The session is over. */
  lose(reason: string): void {
    for (const process of [...this.#live.values()]) process.remote.lose(reason);
  }

  /** Ends every tree: the client is gone, and the session would outlive it. */
  async terminateAll(): Promise<void> {
    const ended = [...this.#live.values()].map(({ remote }) => remote.terminate().catch(() => {}));
    if (ended.length === 0) return;
    await Promise.race([Promise.all(ended), Bun.sleep(limits.environmentEndMs)]);
  }
}
