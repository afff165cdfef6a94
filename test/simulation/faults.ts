import type { ExecClient } from "../../core/client/connect-client.ts";
import type { Attachment } from "../../core/session/session.ts";
import type { Application } from "./application.ts";
import type { Chance } from "./chance.ts";
import type { Cut } from "./link.ts";
import type { Network } from "./network.ts";
import type { Fault, Schedule } from "./schedule.ts";
import type { ScriptedSpawner } from "./scripted-process.ts";
import type { SimulatedServer } from "./simulated-server.ts";
import type { VirtualClock } from "./virtual-clock.ts";

interface Victims {
  readonly clock: VirtualClock;
  readonly network: Network;
  readonly chance: Chance;
  readonly server: SimulatedServer;
  readonly spawner: ScriptedSpawner;
  readonly client: ExecClient;
  readonly schedule: Schedule;
}

/** Makes the faults of a schedule happen. */
export class Faults {
  readonly #victims: Victims;
  #underWay = 0;
  #weather = 0;

  constructor(victims: Victims) {
    this.#victims = victims;
  }

  /** Nothing more will happen, and whatever was broken is whole again. */
  get over(): boolean {
    return this.#underWay === 0;
  }

  begin(application: Application): void {
    for (const fault of this.#victims.schedule.faults) {
      this.#after(fault.atMs, () => this.#strike(fault, application));
    }
  }

  #strike(fault: Fault, application: Application): void {
    const { network, chance, client } = this.#victims;
    switch (fault.kind) {
      case "cut":
        return network.cut(() => hearing(fault.hears, chance));
      case "weather": {
        const mine = ++this.#weather;
        network.weather = fault.weather;
        return this.#after(fault.forMs, () => {
          if (mine === this.#weather) network.weather = "fair";
        });
      }
      case "intruder":
        return this.#intrude(fault.forMs);
      case "forgets":
        return this.#forget(fault.events, application);
      case "reconnect":
        // To a client of a bridge its connection is all there is.
        if (this.#victims.schedule.bridged) return network.cut(() => hearing("both", chance));
        return client.reconnect();
      case "restart":
        return this.#restart(fault);
    }
  }

  #restart({ told, forMs }: Fault & { readonly kind: "restart" }): void {
    const { server, network, chance } = this.#victims;
    if (server.registry === undefined) return;
    server.stop(told);
    this.#after(told ? 2_000 : 0, () => network.cut(() => hearing("both", chance)));
    this.#after(forMs, () => server.start());
  }

  #intrude(forMs: number): void {
    const { server, client } = this.#victims;
    const { registry } = server;
    const swallow: Attachment = {
      sinkFor: () => ({ writable: true, deliver() {}, behind() {}, failed() {} }),
    };
    const session =
      registry === undefined ? undefined : attempt(() => registry.resume(client.sessionId, swallow));
    if (session === undefined) return;
    session.listen(true);
    this.#after(forMs, () => {
      if (server.registry === registry) registry?.detach(session);
    });
  }

  /** As retention would under pressure: only what was handed to a connection goes. */
  #forget(events: number, application: Application): void {
    for (const session of this.#victims.server.sessions) {
      for (const process of session.processes.processes()) {
        const observed = application.observed(this.#victims.spawner.started[process.pid - 2]?.script.name);
        for (let left = events; left > 0 && process.log.firstSeq < process.delivery.floor; left--) {
          if (observed !== undefined)
            observed.forgottenBytes += process.log.outputLength(process.log.firstSeq) ?? 0;
          process.log.dropFirst();
        }
      }
    }
  }

  #after(ms: number, act: () => void): void {
    this.#underWay += 1;
    this.#victims.clock.set(() => {
      this.#underWay -= 1;
      act();
    }, ms);
  }
}

function hearing(who: "both" | "client" | "server" | "nobody", chance: Chance): Cut {
  const soon = () => (chance.oneIn(3) ? chance.whole(0, 8_000) : chance.whole(0, 50));
  return {
    clientHearsMs: who === "both" || who === "client" ? soon() : undefined,
    serverHearsMs: who === "both" || who === "server" ? soon() : undefined,
  };
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
