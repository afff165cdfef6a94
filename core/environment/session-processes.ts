import { limits } from "../limits.ts";
import type {
  EnvironmentProcess,
  ProcessBackend,
  ProcessSink,
  StartSpec,
} from "../process/process-backend.ts";
import type { SharedSession } from "./shared-session.ts";

/** How often ends are looked for: whose sink is slow is told of them late. */
const lookMs = 2;

/** The processes of a session that may not be there yet, or not any more. */
export class SessionProcesses implements ProcessBackend {
  readonly #session: SharedSession;
  readonly #live = new Set<EnvironmentProcess>();

  constructor(session: SharedSession) {
    this.#session = session;
  }

  async start(spec: StartSpec, sink: ProcessSink): Promise<EnvironmentProcess> {
    const process = await this.#session.use((client) =>
      client.processes.start(spec, (event) => {
        if (event.kind === "closed" || event.kind === "lost") this.#forgetEnded();
        return sink(event);
      }),
    );
    if (!process.over) this.#live.add(process);
    return process;
  }

  /** Ends every tree that still runs: a session outlives its connection, and they would with it. */
  async endAll(): Promise<void> {
    const giveUpAt = performance.now() + limits.environmentEndMs;
    for (const process of this.#live) void process.terminate().catch(() => {});
    for (this.#forgetEnded(); this.#live.size > 0; this.#forgetEnded()) {
      if (performance.now() > giveUpAt) return;
      await Bun.sleep(lookMs);
    }
  }

  #forgetEnded(): void {
    for (const process of this.#live) if (process.over) this.#live.delete(process);
  }
}
