import type { ExecClient } from "../../core/client/connect-client.ts";
import { environmentMethods } from "../../core/client/environment-info.ts";
import type { LinkState } from "../../core/client/link-state.ts";
import { LinkLostError } from "../../core/rpc/remote-calls.ts";
import { Application } from "./application.ts";
import { Chance } from "./chance.ts";
import { connectSimulated, startOf } from "./connect-simulated.ts";
import { Faults } from "./faults.ts";
import type { Mutation } from "./mutations.ts";
import { narrowLimits, thriftyLimits } from "./narrow-limits.ts";
import { Network } from "./network.ts";
import { makeSchedule, type Schedule } from "./schedule.ts";
import { ScriptedSpawner } from "./scripted-process.ts";
import { SimulatedServer } from "./simulated-server.ts";
import { withSubstitutes } from "./substitute.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { inWorld } from "./virtual-world.ts";

/** What one seed came to. */
export interface Outcome {
  readonly violations: readonly string[];
  /** What the application saw and when, in short; the same for the same seed. */
  readonly digest: string;
  readonly resumes: number;
  readonly lost: boolean;
}

/** Longer than any single thing that may have to be waited for once the weather is fair: half-open ends, a dial, backoff. */
const GRACE_MS = 150_000;

/** Runs one seed in virtual time. `mutation` breaks something on purpose. */
export function runSchedule(seed: number, mutation?: Mutation): Outcome {
  const schedule = makeSchedule(seed);
  const clock = new VirtualClock();
  const chance = new Chance(seed ^ 0x5eed);
  const { latencyMs, capacity } = schedule;
  const network = new Network({ clock, chance, latencyMs, capacity });
  const substitutes = [
    ...thriftyLimits,
    ...(schedule.narrow ? narrowLimits : []),
    ...(mutation?.substitutes ?? []),
  ];
  return withSubstitutes(substitutes, () =>
    inWorld({ clock, chance, connect: network.connect }, () =>
      new Run({ schedule, clock, chance, network, ...(mutation === undefined ? {} : { mutation }) }).play(),
    ),
  );
}

interface Stage {
  readonly schedule: Schedule;
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly network: Network;
  readonly mutation?: Mutation;
}

class Run {
  readonly #stage: Stage;
  readonly #spawner: ScriptedSpawner;
  readonly #server: SimulatedServer;
  readonly #violations: string[] = [];
  readonly #report = (violation: string): void => {
    if (this.#violations.length < 10)
      this.#violations.push(`at ${Math.round(this.#stage.clock.now)} ms: ${violation}`);
  };
  readonly #story: string[] = [];
  #resumes = 0;
  #lost = false;

  constructor(stage: Stage) {
    const { clock, network, schedule, mutation } = stage;
    this.#stage = stage;
    this.#spawner = new ScriptedSpawner(clock);
    this.#server = new SimulatedServer(network, this.#spawner, {
      ttlSeconds: schedule.ttlSeconds,
      ...(mutation?.tamper === undefined ? {} : { tamper: mutation.tamper }),
    });
  }

  play(): Outcome {
    const { clock, network, schedule, chance } = this.#stage;
    this.#server.start();
    const { client, application } = this.#connected();
    if (client === undefined || application === undefined) return this.#outcome(false);
    const faults = new Faults({
      clock,
      network,
      chance,
      server: this.#server,
      spawner: this.#spawner,
      client,
      schedule,
    });
    faults.begin(application);
    const endsAt = clock.now + schedule.windowMs * 3 + schedule.ttlSeconds * 1_000 + GRACE_MS;
    clock.run(endsAt, () => application.done && faults.over);
    if (!application.done) this.#report("it hangs: something was never answered or never ended");
    application.finish();
    const lost = this.#lost;
    if (lost && !schedule.harsh) this.#report("the session was lost, and nothing justified it");
    if (schedule.bridged) this.#checkBridge(client);
    else if (lost) this.#checkAfterLoss(client);
    client.close();
    this.#checkLeftovers();
    return this.#outcome(lost);
  }

  #connected(): { client: ExecClient | undefined; application: Application | undefined } {
    const { clock, schedule } = this.#stage;
    let client: ExecClient | undefined;
    let application: Application | undefined;
    const onState = (state: LinkState) => {
      this.#tell(state.kind);
      this.#lost ||= state.kind === "lost";
      if (state.kind !== "ready" || state.resumes === 0) return;
      this.#resumes += 1;
      application?.linkIsBack();
    };
    void connectSimulated(schedule, onState).then(
      (connected) => {
        client = connected;
        application = new Application({ client: connected, spawner: this.#spawner, schedule }, this.#report);
      },
      (error: unknown) => this.#report(`cannot connect: ${error}`),
    );
    clock.run(60_000, () => application !== undefined || this.#violations.length > 0);
    if (application === undefined) this.#report("the first connection never came");
    return { client, application };
  }

  /** To the client of a bridge its link never breaks, and goes on working whatever was lost behind it. */
  #checkBridge(client: ExecClient): void {
    if (client.state.kind !== "ready") this.#report(`the link to the bridge is ${client.state.kind}`);
    else this.#checkWorking(this.#afterOneError(client));
  }

  /** A session that is lost just now says so once. */
  async #afterOneError(client: ExecClient): Promise<ExecClient> {
    const ask = client.calls.call(environmentMethods.info, {});
    await ask.catch(
      (error: unknown) => this.#stage.schedule.harsh || this.#report(`the bridge says: ${error}`),
    );
    return client;
  }

  /** The old session refuses at once, and a new one works. */
  #checkAfterLoss(old: ExecClient): void {
    const { clock } = this.#stage;
    const startedAt = clock.now;
    let refused: unknown;
    old.calls.call(environmentMethods.info, {}).catch((error: unknown) => {
      refused = error;
    });
    clock.run(startedAt, () => refused !== undefined);
    if (!(refused instanceof LinkLostError)) this.#report(`a lost session answers ${refused}`);
    const { ttlSeconds } = this.#stage.schedule;
    this.#checkWorking(connectSimulated({ bridged: false, ttlSeconds }));
  }

  /** A process of a session that has nothing to do with the one that was lost. */
  #checkWorking(session: Promise<ExecClient>): void {
    const { clock } = this.#stage;
    let ended: string | undefined;
    const work = async (): Promise<void> => {
      using client = await session;
      const { promise, resolve } = Promise.withResolvers<string>();
      await client.processes.start(startOf({ name: "fresh", lines: 2, everyMs: 5, size: 20 }), (event) => {
        if (event.kind === "closed" || event.kind === "lost") resolve(event.kind);
        return undefined;
      });
      ended = await promise;
    };
    work().catch((error: unknown) => this.#report(`no fresh session: ${error}`));
    clock.run(clock.now + GRACE_MS, () => ended !== undefined);
    if (ended !== "closed") this.#report(`a process of a fresh session ended with ${ended}`);
  }

  /** A client that is closed leaves no connection, and its session ends in time. */
  #checkLeftovers(): void {
    const { clock, network, schedule } = this.#stage;
    clock.run(clock.now + schedule.ttlSeconds * 1_000 + GRACE_MS, () => false);
    if (network.open > 0) this.#report(`${network.open} connections are left`);
    if (this.#server.sessions.length > 0) this.#report(`${this.#server.sessions.length} sessions are left`);
    if (this.#server.internalErrors.length > 0)
      this.#report(`the server failed: ${this.#server.internalErrors[0]}`);
  }

  #tell(what: string): void {
    this.#story.push(`${what}@${this.#stage.clock.now.toFixed(3)}`);
  }

  #outcome(lost: boolean): Outcome {
    this.#tell(`end after ${this.#stage.network.dials} dials`);
    return {
      violations: this.#violations,
      digest: Bun.hash(this.#story.join(" ")).toString(36),
      resumes: this.#resumes,
      lost,
    };
  }
}
