import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import fc from "fast-check";
import { limits } from "../../../core/limits.ts";
import { RpcError } from "../../../core/protocol/rpc-error.ts";
import { settled } from "../process/held-process.ts";
import {
  compare,
  expire,
  HeldAttachment,
  type Model,
  type ModelProcess,
  type ModelSession,
  type Real,
  setUp,
  ttlSeconds,
} from "./held-sessions.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

type Run = (model: Model, real: Real) => void | Promise<void>;

/** One thing that happens: then what is there is held against what should be. */
class Step implements fc.AsyncCommand<Model, Real> {
  readonly #name: string;
  readonly #run: Run;
  constructor(name: string, run: Run) {
    this.#name = name;
    this.#run = run;
  }
  check(): boolean {
    return true;
  }
  async run(model: Model, real: Real): Promise<void> {
    await this.#run(model, real);
    await settled();
    compare(model, real);
  }
  toString(): string {
    return this.#name;
  }
}

const pick = <T>(from: readonly T[], index: number): T | undefined => from[index % Math.max(1, from.length)];
const living = (model: Model) => model.sessions.filter((session) => !model.ended.has(session));
const processAt = (model: Model, at: number): [ModelSession, ModelProcess] | undefined => {
  const all = living(model).flatMap((session) =>
    [...session.processes.values()].map((process): [ModelSession, ModelProcess] => [session, process]),
  );
  return pick(all, at);
};

function happened(session: ModelSession, process: ModelProcess, events: number): void {
  process.events += events;
  if (session.attachment !== undefined) process.sent += events;
}

function close(process: ModelProcess): void {
  process.state = "closed";
  process.leftMs = limits.closedRetentionMs;
}

const open = fc.constant(
  new Step("open", (model, real) => {
    const attachment = new HeldAttachment();
    const session = real.registry.open(attachment, undefined);
    session.listen(false);
    model.sessions.push({ real: session, attachment, detachedAt: 0, processes: new Map() });
  }),
);

const start = fc.tuple(fc.nat(5), fc.nat(2)).map(
  ([at, id]) =>
    new Step(`start ${id} in ${at}`, (model, real) => {
      const session = pick(living(model), at);
      if (session === undefined) return;
      const processId = `p${id}`;
      const taken = session.processes.has(processId);
      const process: ModelProcess = {
        state: "starting",
        events: 0,
        sent: 0,
        askedAs: real.spawner.asked.length,
        held: undefined,
        answered: "no",
        leftMs: 0,
      };
      if (!taken) session.processes.set(processId, process);
      const plan = {
        argv: ["x"] as const,
        cwd: "/",
        env: [],
        stdio: { kind: "pipes", stdin: false } as const,
      };
      const sinkNow = () => session.attachment?.sinks.get(processId);
      // Of a process that had the id before, and is forgotten.
      const earlier = sinkNow();
      const done = session.real.processes.start({ processId, plan }, () => {
        // Nothing was delivered before the answer.
        if (sinkNow() !== earlier) expect(sinkNow()?.seqs ?? []).toEqual([]);
        process.answered = "yes";
      });
      done.catch((error) => {
        process.answered = "refused";
        if (taken) expect(error).toBeInstanceOf(RpcError);
      });
      expect(real.spawner.asked.length - process.askedAs).toBe(taken ? 0 : 1);
    }),
);

const grant = fc.tuple(fc.nat(9), fc.boolean()).map(
  ([at, granted]) =>
    new Step(granted ? `grant ${at}` : `refuse ${at}`, async (model, real) => {
      const found = processAt(model, at);
      if (found === undefined || found[1].state !== "starting") return;
      const [session, process] = found;
      const asked = real.spawner.asked[process.askedAs];
      if (!granted) {
        asked?.refuse(new Error("refused"));
        for (const [id, one] of session.processes) if (one === process) session.processes.delete(id);
        await settled();
        expect(process.answered).toBe("refused");
        return;
      }
      process.held = asked?.grant();
      process.state = "running";
      await settled();
      expect(process.answered).toBe("yes");
    }),
);

const act = fc.tuple(fc.nat(9), fc.constantFrom("say", "finish", "terminate")).map(
  ([at, what]) =>
    new Step(`${what} ${at}`, (model) => {
      const found = processAt(model, at);
      if (found === undefined || found[1].state !== "running") return;
      const [session, process] = found;
      if (what === "say") {
        process.held?.stdout.say("output");
        return happened(session, process, 1);
      }
      if (what === "finish") process.held?.finish(0);
      else process.held?.killTree();
      happened(session, process, 2);
      close(process);
    }),
);

const detach = fc.nat(5).map(
  (at) =>
    new Step(`detach ${at}`, (model, real) => {
      const session = pick(
        living(model).filter((one) => one.attachment !== undefined),
        at,
      );
      if (session === undefined) return;
      real.registry.detach(session.real);
      session.attachment = undefined;
      session.detachedAt = model.now;
      for (const process of session.processes.values()) process.sent = 0;
    }),
);

const resume = fc.nat(9).map(
  (at) =>
    new Step(`resume ${at}`, (model, real) => {
      const session = pick(model.sessions, at);
      if (session === undefined) return;
      const attachment = new HeldAttachment();
      const attempt = () => real.registry.resume(session.real.id, attachment);
      if (model.ended.has(session)) return expect(attempt).toThrow(`unknown session id ${session.real.id}`);
      if (session.attachment !== undefined) return expect(attempt).toThrow("already attached");
      expect(attempt()).toBe(session.real);
      session.real.listen(true);
      session.attachment = attachment;
    }),
);

const wait = fc.constantFrom(1, ttlSeconds * 1000 - 1, ttlSeconds * 1000, limits.closedRetentionMs).map(
  (ms) =>
    new Step(`wait ${ms} ms`, (model, real) => {
      jest.advanceTimersByTime(ms);
      for (const session of expire(model, ms)) {
        // A start that was under way ends as soon as it has begun.
        for (const process of session.processes.values()) {
          if (process.state === "starting") process.held = real.spawner.asked[process.askedAs]?.grant();
        }
      }
    }),
);

test("sessions and their processes do what a small model says, whatever happens in which order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.commands([open, start, start, grant, grant, act, act, act, detach, resume, wait], {
        maxCommands: 60,
        size: "max",
      }),
      async (commands) => {
        const { model, real } = setUp();
        await fc.asyncModelRun(() => ({ model, real }), commands);
        for (const { real: session } of living(model)) void real.registry.end(session);
        for (const asked of real.spawner.asked) asked.grant();
        await settled();
        for (const session of model.sessions) model.ended.add(session);
        expect(real.registry.size).toBe(0);
        expect(real.spill.bytes).toBe(0);
        // One segment is always at hand for the next output; all else has been given back.
        expect(real.budget.arena.heldBytes).toBeLessThanOrEqual(limits.arenaSegmentBytes);
        expect(real.budget.events).toBe(0);
        real.spill[Symbol.dispose]();
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);
