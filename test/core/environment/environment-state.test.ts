import { describe, expect, test } from "bun:test";
import { EnvironmentUnavailableError } from "../../../core/environment/environment-errors.ts";
import { type EnvironmentState, reachState } from "../../../core/environment/environment-state.ts";
import { SharedSession } from "../../../core/environment/shared-session.ts";
import { DialError } from "../../../core/transport/dialed-connection.ts";
import { dead, failure, manage } from "./definitions.ts";

describe("waiting for a state", () => {
  test("ends where the environment is closed, after which no other comes", async () => {
    const manager = manage([dead("box")]);
    const waiting = failure(reachState(manager.default, ["ready"]));
    const closed = reachState(manager.default, ["closed"]);
    await manager.close();
    expect(await waiting).toBeInstanceOf(EnvironmentUnavailableError);
    expect(await closed).toEqual({ kind: "closed" });
    expect(String(await failure(reachState(manager.default, ["ready"])))).toContain("`box`");
  });

  test("sees one that follows another in the same breath", async () => {
    const session = new SharedSession({
      id: "box",
      retries: false,
      open: () => Promise.reject(new DialError("refused", { retry: true })),
    });
    const environment = {
      id: "box",
      get state(): EnvironmentState {
        return session.state;
      },
      nextState: () => session.nextState(),
    };
    const lost = reachState(environment, ["lost"]);
    await failure(session.use(() => undefined));
    expect((await lost).kind).toBe("lost");
    const closed = reachState(environment, ["closed"]);
    const opening = failure(session.use(() => undefined));
    await session.close();
    expect(await closed).toEqual({ kind: "closed" });
    await opening;
  });
});
