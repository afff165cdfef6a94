import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ExecClient } from "../../../core/client/connect-client.ts";
import {
  EnvironmentLostError,
  EnvironmentUnavailableError,
} from "../../../core/environment/environment-errors.ts";
import { type SessionEvents, SharedSession } from "../../../core/environment/shared-session.ts";
import { LinkLostError } from "../../../core/rpc/remote-calls.ts";
import { DialError } from "../../../core/transport/dialed-connection.ts";

/** One opening under way, or the client that came of it. */
interface Opening {
  readonly events: SessionEvents;
  readonly outcome: PromiseWithResolvers<ExecClient>;
  state: "opening" | "failed" | "live" | "lost" | "closed";
}

/** A session whose openings are decided by the test: the network, seen from the state machine. */
class Bench {
  readonly openings: Opening[] = [];
  readonly uses: Promise<unknown>[] = [];
  readonly session = new SharedSession({
    id: "box",
    retries: false,
    open: (events) => {
      const opening: Opening = { events, outcome: Promise.withResolvers(), state: "opening" };
      this.openings.push(opening);
      events.signal.addEventListener("abort", () => this.fail(opening, "given up"));
      return opening.outcome.promise;
    },
  });
  closing: Promise<void> | undefined;

  get last(): Opening | undefined {
    return this.openings.at(-1);
  }

  use(): void {
    const number = this.uses.length;
    this.uses.push(this.session.use(() => number).catch((error: unknown) => error));
  }

  /** Asks something whose answer never comes unless the session is lost. */
  useForLong(): void {
    const waiting = this.session.use(
      ({ sessionId }) =>
        new Promise((_resolve, reject) => {
          // As a real client, which refuses what comes after its end.
          if (this.openings[Number(sessionId)]?.state === "live") this.#pending.push(reject);
          else reject(new LinkLostError("the client is closed"));
        }),
    );
    this.uses.push(waiting.catch((error: unknown) => error));
  }

  readonly #pending: ((error: Error) => void)[] = [];

  succeed(opening: Opening): void {
    if (opening.state !== "opening") return;
    opening.state = "live";
    const client = {
      sessionId: String(this.openings.indexOf(opening)),
      processes: { endAll: () => Bun.sleep(0) },
      close: () => {
        opening.state = "closed";
        this.#rejectPending("the client was closed");
      },
    };
    // The state machine ends and closes a client and hands it on, and looks at nothing else of it.
    opening.outcome.resolve(client as unknown as ExecClient);
  }

  fail(opening: Opening, message: string): void {
    if (opening.state !== "opening") return;
    opening.state = "failed";
    opening.outcome.reject(new DialError(message, { retry: true }));
  }

  lose(opening: Opening): void {
    if (opening.state !== "live") return;
    opening.state = "lost";
    opening.events.onState({ kind: "lost", reason: "expired" });
    this.#rejectPending("expired");
  }

  close(): void {
    this.closing ??= this.session.close();
  }

  #rejectPending(reason: string): void {
    for (const reject of this.#pending.splice(0)) reject(new LinkLostError(reason));
  }
}

const actions = {
  use: (bench: Bench) => bench.use(),
  "use for long": (bench: Bench) => bench.useForLong(),
  succeed: (bench: Bench) => bench.last && bench.succeed(bench.last),
  fail: (bench: Bench) => bench.last && bench.fail(bench.last, "refused"),
  lose: (bench: Bench) => bench.last && bench.lose(bench.last),
  cut: ({ last }: Bench) =>
    last?.state === "live" && last.events.onState({ kind: "recovering", reason: "cut", triedForMs: 1 }),
  resume: ({ last }: Bench) => last?.state === "live" && last.events.onState({ kind: "ready", resumes: 1 }),
  close: (bench: Bench) => bench.close(),
  wait: () => undefined,
} as const;

type Action = keyof typeof actions;
const names = Object.keys(actions).filter((name): name is Action => name in actions);

function check({ openings, session, closing }: Bench): void {
  const count = (state: Opening["state"]) => openings.filter((opening) => opening.state === state).length;
  expect(count("opening") + count("live")).toBeLessThanOrEqual(1);
  if (closing !== undefined)
    expect([session.state.kind, count("opening") + count("live")]).toEqual(["closed", 0]);
  if (session.state.kind === "ready" || session.state.kind === "recovering") expect(count("live")).toBe(1);
}

describe("the session that all users of an environment share", () => {
  test("is one at a time, answers everybody, and is none after its end, whatever happens in what order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...names), { maxLength: 40 }), async (schedule) => {
        const bench = new Bench();
        for (const action of schedule) {
          actions[action](bench);
          if (action === "wait") await Bun.sleep(0);
          else await Promise.resolve();
        }
        await Bun.sleep(0);
        check(bench);
        bench.close();
        await bench.closing;
        check(bench);
        const opened = bench.openings.length;
        for (const [number, answer] of (await Promise.all(bench.uses)).entries()) {
          const isFailure =
            answer instanceof EnvironmentUnavailableError || answer instanceof EnvironmentLostError;
          if (!isFailure) expect(answer).toBe(number);
        }
        bench.use();
        expect(await bench.uses.at(-1)).toBeInstanceOf(EnvironmentUnavailableError);
        expect(bench.openings).toHaveLength(opened);
      }),
      { numRuns: 500 },
    );
  });

  test("tells each who waits for it the same cause", async () => {
    const bench = new Bench();
    bench.use();
    bench.use();
    await Bun.sleep(0);
    if (bench.last !== undefined) bench.fail(bench.last, "refused");
    const errors = await Promise.all(bench.uses);
    expect(errors.map(String)).toEqual(
      Array(2).fill("EnvironmentUnavailableError: environment `box` is not available: refused"),
    );
    expect(bench.openings).toHaveLength(1);
    await bench.session.close();
  });
});
