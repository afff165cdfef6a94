import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type Access, RequestOrder } from "../../../core/filesystem/handler/request-order.ts";

/** One request: how it takes hold of the files, and after how many turns it answers (0: at once). */
interface Planned {
  readonly access: Access;
  readonly turns: number;
}

const planned: fc.Arbitrary<Planned> = fc.record({
  access: fc.constantFrom<Access>("shared", "exclusive"),
  turns: fc.nat(3),
});

async function waitTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("the order of requests", () => {
  test("is kept: they start as they came, and a changing one runs alone", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(planned, { maxLength: 30 }), async (requests) => {
        const order = new RequestOrder();
        const started: number[] = [];
        const running = new Set<Planned>();
        const answers = requests.map((request, index) =>
          order.run(request.access, () => {
            started.push(index);
            if (request.access === "exclusive") expect(running.size).toBe(0);
            for (const other of running) expect(other.access).toBe("shared");
            if (request.turns === 0) return index;
            running.add(request);
            return waitTurns(request.turns).then(() => {
              running.delete(request);
              return index;
            });
          }),
        );
        expect(await Promise.all(answers)).toEqual(requests.map((_, index) => index));
        expect(started).toEqual(requests.map((_, index) => index));
      }),
      { numRuns: 100 },
    );
  });

  test("costs no promise while nothing is in the way", () => {
    const order = new RequestOrder();
    expect(order.run("exclusive", () => 1)).toBe(1);
    expect(order.run("shared", () => 2)).toBe(2);
  });

  test("goes on after a request that fails, now or later", async () => {
    const order = new RequestOrder();
    const later = order.run("exclusive", async () => {
      await waitTurns(1);
      throw new Error("later");
    });
    const queued = order.run("exclusive", () => {
      throw new Error("when its turn came");
    });
    const last = order.run("shared", () => "last");
    const outcomes = await Promise.allSettled([later, queued]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await last).toBe("last");
  });

  test("starts nothing while the peer is congested, and one request a turn afterwards", async () => {
    let congested = true;
    const order = new RequestOrder(() => congested);
    const started: number[] = [];
    const answers = [1, 2, 3].map((request) => order.run("shared", () => started.push(request)));
    expect(started).toEqual([]);
    congested = false;
    order.proceed();
    expect(started).toEqual([1]);
    await Promise.all(answers);
    expect(started).toEqual([1, 2, 3]);
  });

  test("ends: what waits is refused, what runs is waited for", async () => {
    const order = new RequestOrder(() => true);
    const waiting = order.run("shared", () => "never");
    const ended = order.end(new Error("over"));
    await expect(waiting).rejects.toThrow("over");
    await ended;
  });
});
