import { describe, expect, test } from "bun:test";
import {
  EnvironmentsDisabledError,
  UnknownEnvironmentError,
} from "../../../core/environment/environment-errors.ts";
import { startTestServer } from "../../support/test-server.ts";
import { atUrl, dead, define, failure, manage } from "./definitions.ts";

describe("the manager", () => {
  test("lists the default first, and the others as they were told", async () => {
    await using manager = manage([dead("a"), dead("b"), dead("c")], { defaultId: "b" });
    expect(manager.list().map(({ id }) => id)).toEqual(["b", "local", "a", "c"]);
    expect(manager.default.id).toBe("b");
  });

  test("hands out the same environment each time, and none that it does not have", async () => {
    await using manager = manage([dead("devbox")]);
    expect(manager.get("devbox")).toBe(manager.default);
    expect(manager.get("local")).toBe(manager.local);
    expect(() => manager.get("devbx")).toThrow("unknown environment id `devbx`, did you mean `devbox`?");
    expect(() => manager.get("devbx")).toThrow(UnknownEnvironmentError);
  });

  test("is not made with a default that is not there", () => {
    expect(() => manage([dead("a")], { defaultId: "b" })).toThrow("unknown environment id `b`");
    expect(() => manage([], { defaultId: "local", includeLocal: false })).toThrow(UnknownEnvironmentError);
  });

  test("keeps this machine for work of its own where environments are disabled", async () => {
    await using manager = manage([], { defaultId: null, includeLocal: false });
    expect(() => manager.default).toThrow(EnvironmentsDisabledError);
    expect(manager.list()).toEqual([]);
    expect(() => manager.get("local")).toThrow(UnknownEnvironmentError);
    expect((await manager.local.info()).shell.path).toStartWith("/");
  });

  test("replaces an environment while who holds the old one keeps it", async () => {
    await using server = await startTestServer();
    await using manager = manage([define("box", atUrl(server.url))]);
    const held = manager.default;
    await held.info();
    const replaced = manager.put(dead("box"));
    expect(manager.default).toBe(replaced);
    expect(replaced).not.toBe(held);
    expect((await held.info()).cwd).toStartWith("file:");
    expect(manager.put(dead("new"))).toBe(manager.get("new"));
    expect(manager.list().map(({ id }) => id)).toEqual(["box", "local", "new"]);
    await manager.close();
    expect([held.state.kind, replaced.state.kind]).toEqual(["closed", "closed"]);
  });

  test("closes what is added after its own end at once, so that nothing stays open", async () => {
    await using server = await startTestServer();
    const manager = manage([]);
    await manager.close();
    const late = manager.put(define("late", atUrl(server.url)));
    expect(String(await failure(late.info()))).toContain("`late` is not available: it was closed");
  });

  test("is not made of environments of which one would take another's place", () => {
    expect(() => manage([dead("a"), dead("a")])).toThrow("environment id `a` is duplicated");
    expect(() => manage([dead("local")], { defaultId: null })).toThrow(RangeError);
    expect(() => manage([dead("local")], { includeLocal: false })).toThrow("`local` is reserved");
  });

  test.each(["", " x", "local", "None", "a b", "x".repeat(65)])("adds none by the name %j", async (id) => {
    await using manager = manage([]);
    expect(() => manager.put(dead(id))).toThrow(RangeError);
  });
});
