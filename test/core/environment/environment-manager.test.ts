import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EnvironmentDefinition, EnvironmentSnapshot } from "../../../core/environment/definition.ts";
import type { Environment } from "../../../core/environment/environment.ts";
import {
  EnvironmentLostError,
  EnvironmentsDisabledError,
  EnvironmentUnavailableError,
  UnknownEnvironmentError,
} from "../../../core/environment/environment-errors.ts";
import { EnvironmentManager } from "../../../core/environment/environment-manager.ts";
import { reachState } from "../../../core/environment/environment-state.ts";
import { CuttingProxy } from "../../support/cutting-proxy.ts";
import { isAlive } from "../../support/process-state.ts";
import { startTestServer } from "../../support/test-server.ts";
import { atUrl, byProgram, define, managerOptions, snapshotOf, stdioServer } from "./definitions.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "codex-env-manager-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const dead = (id: string) => define(id, atUrl("ws://127.0.0.1:1"));
const manage = (definitions: readonly EnvironmentDefinition[], more: Partial<EnvironmentSnapshot> = {}) =>
  new EnvironmentManager(snapshotOf(definitions, more), managerOptions);
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );
const proxyOf = (url: string) => new CuttingProxy({ host: "127.0.0.1", port: Number(new URL(url).port) });

/** A command that is not told of its output. */
function start({ processes }: Environment, script: string, lost: (reason: string) => void = () => {}) {
  const stdio = { kind: "pipes", stdin: false } as const;
  const spec = { argv: ["/bin/sh", "-c", script], cwd: "file:///", env: {}, inherit: "all", stdio } as const;
  return processes.start({ ...spec, argv: ["/bin/sh", "-c", script] }, (event) => {
    if (event.kind === "lost") lost(event.reason);
    return undefined;
  });
}

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

  test.each(["", " x", "local", "None", "a b", "x".repeat(65)])("adds none by the name %j", async (id) => {
    await using manager = manage([]);
    expect(() => manager.put(dead(id))).toThrow(RangeError);
  });
});

describe("an environment", () => {
  test("is not connected before its first use, and then once for all", async () => {
    await using server = await startTestServer();
    using proxy = proxyOf(server.url);
    await using manager = manage([define("box", atUrl(proxy.url))]);
    manager.list();
    await Bun.sleep(50);
    expect(proxy.connections).toBe(0);
    const { default: box } = manager;
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? box.info() : box.files.canonicalize("/"))),
    );
    expect(proxy.connections).toBe(1);
  });

  test("that is dead fails with its name and the cause, and nothing is done elsewhere", async () => {
    await using manager = manage([dead("devbox")]);
    const marker = join(directory, "marker");
    const error = await failure(start(manager.default, `touch ${marker}`));
    expect(error).toBeInstanceOf(EnvironmentUnavailableError);
    expect(String(error)).toContain(
      "environment `devbox` is not available: cannot connect to ws://127.0.0.1:1: nothing listens there",
    );
    expect(
      await failure((async () => await manager.default.files.writeFile(marker, new Uint8Array(1)))()),
    ).toBeInstanceOf(EnvironmentUnavailableError);
    expect(await Bun.file(marker).exists()).toBe(false);
    expect(manager.local.state.kind).toBe("unused");
  });

  test("that could not be reached is tried again without being asked", async () => {
    await using server = await startTestServer();
    using proxy = proxyOf(server.url);
    proxy.refuse(true);
    await using manager = manage([define("box", atUrl(proxy.url))]);
    const { default: box } = manager;
    expect(await failure(box.info())).toBeInstanceOf(EnvironmentUnavailableError);
    expect(box.state).toEqual({ kind: "connecting", failure: expect.any(String) });
    proxy.refuse(false);
    expect(await reachState(box, ["ready"])).toEqual({ kind: "ready" });
  });

  test("whose URL is none is not tried again", async () => {
    for (const [url, reason] of [
      ["http://h", "URL error: URL scheme not supported"],
      ["garbage", "IO error: invalid WebSocket URL"],
      ["ws://u:sesame@h:99999/?key=sesame", "ws://[redacted]@h:99999/?[redacted]"],
      ["ws://h/?role=harness", "relay framing"],
    ] as const) {
      await using manager = manage([define("box", atUrl(url))]);
      const error = await failure(manager.default.info());
      expect(String(error)).toContain("environment `box` is not available: ");
      expect(String(error)).toContain(reason);
      expect(`${error}${manager.default.label}`).not.toContain("sesame");
      expect(manager.default.state.kind).toBe("lost");
    }
  });

  test("says while its link is being restored, and waits for it", async () => {
    await using server = await startTestServer();
    using proxy = proxyOf(server.url);
    await using manager = manage([define("box", atUrl(proxy.url))]);
    const { default: box } = manager;
    await box.info();
    const recovering = reachState(box, ["recovering"]);
    proxy.cutAll();
    expect(await recovering).toEqual({ kind: "recovering", reason: expect.any(String) });
    expect(await box.files.canonicalize("/")).toBe("/");
    expect(box.state).toEqual({ kind: "ready" });
  });

  test("whose session is gone fails what is asked of it, and the next use opens a fresh one", async () => {
    const listen = `unix://${directory}/s.sock`;
    const first = await startTestServer({ listen });
    await using manager = manage([define("box", atUrl(listen))]);
    const { default: box } = manager;
    const lost = Promise.withResolvers<string>();
    const process = await start(box, "sleep 60", lost.resolve);
    first.signal("SIGKILL");
    await first.exited;
    await reachState(box, ["recovering"]);
    const pending = failure((async () => await box.files.canonicalize("/"))());
    await using _second = await startTestServer({ listen });
    const error = await pending;
    expect(error).toBeInstanceOf(EnvironmentLostError);
    expect(String(error)).toContain("environment `box` was lost: the session has expired");
    expect(await lost.promise).toContain("the session has expired");
    expect(box.state.kind).toBe("lost");
    expect(await failure(process.signal("SIGTERM"))).toHaveProperty("name", "LinkLostError");
    expect(await box.files.canonicalize("/")).toBe("/");
    expect(box.state.kind).toBe("ready");
  });

  test("whose program died has it started again at the next use", async () => {
    const pids: number[] = [];
    const heard = (_id: string, { text }: { text: string }) => /^\d+$/.test(text) && pids.push(Number(text));
    const snapshot = snapshotOf([define("box", stdioServer("echo $$ >&2"))]);
    await using manager = new EnvironmentManager(snapshot, { ...managerOptions, heard });
    const { default: box } = manager;
    await box.info();
    process.kill(pids[0] ?? 0, "SIGKILL");
    const state = await reachState(box, ["lost"]);
    expect(state).toEqual({ kind: "lost", reason: expect.stringContaining("exit code 137") });
    await Bun.sleep(20);
    expect(pids).toHaveLength(1);
    expect(await box.files.canonicalize("/")).toBe("/");
    expect(pids).toHaveLength(2);
    expect(isAlive(pids[1] ?? 0)).toBe(true);
    await manager.close();
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test("whose program asks for a password tells what it said", async () => {
    const transport = byProgram(["/bin/sh", "-c", "echo 'Password for u:' >&2; exec sleep 60"]);
    await using manager = manage([define("box", transport, { initializeTimeoutMs: 200 })]);
    expect(String(await failure(manager.default.info()))).toContain(
      "environment `box` is not available: initialize: no answer within 0.2 s (it said: Password for u:)",
    );
  });

  test("that is closed while it connects leaves no program behind", async () => {
    const pids: number[] = [];
    const snapshot = snapshotOf([define("box", byProgram(["/bin/sh", "-c", "echo $$ >&2; exec sleep 60"]))]);
    const heard = Promise.withResolvers<void>();
    const manager = new EnvironmentManager(snapshot, {
      ...managerOptions,
      heard: (_id, { text }) => {
        pids.push(Number(text));
        heard.resolve();
      },
    });
    const connecting = failure(manager.default.info());
    await heard.promise;
    await manager.close();
    expect(String(await connecting)).toContain("it was closed");
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test("ends its commands on the server when it is closed", async () => {
    await using server = await startTestServer();
    const manager = manage([define("box", atUrl(server.url))]);
    const file = join(directory, "pid");
    const process = await start(manager.default, `echo $$ >${file}; trap '' TERM HUP; sleep 60`);
    while (!(await Bun.file(file).exists()) || (await Bun.file(file).text()) === "") await Bun.sleep(5);
    await manager.close();
    expect(isAlive((await Bun.file(file).text()).trim())).toBe(false);
    expect(process.over).toBe(true);
  });

  test("may be used for nothing that it is not meant for", async () => {
    await using server = await startTestServer();
    const capabilities = { execEnabled: false, filesystemEnabled: false };
    await using manager = manage([define("box", atUrl(server.url), { capabilities })]);
    expect(String(await failure(start(manager.default, "true")))).toContain(
      "`box` may not be used for commands",
    );
    const reading = (async () => await manager.default.files.readFile("/etc/hostname"))();
    expect(String(await failure(reading))).toContain("`box` may not be used for files");
    expect(manager.default.state.kind).toBe("unused");
  });
});

describe("a token in a file", () => {
  const flags = (file: string) => ["--ws-auth", "capability-token", "--ws-token-file", file];

  test("is read when it is needed, so that a new one counts at the next connect", async () => {
    const good = join(directory, "good");
    writeFileSync(good, "0123456789abcdef0123456789abcdef\n");
    const given = join(directory, "given");
    await using server = await startTestServer({ flags: flags(good) });
    const transport = { ...atUrl(server.url), token: { kind: "file", path: given } } as const;
    await using manager = manage([define("box", transport)]);
    expect(String(await failure(manager.default.info()))).toContain(
      `the token file ${given} cannot be read (ENOENT)`,
    );
    writeFileSync(given, "two words");
    expect(String(await failure(manager.default.info()))).toContain("holds characters that no token has");
    writeFileSync(given, "fedcba9876543210fedcba9876543210");
    const refused = String(await failure(manager.default.info()));
    expect(refused).toContain("401");
    expect(refused).not.toContain("fedcba9876543210");
    writeFileSync(given, "0123456789abcdef0123456789abcdef");
    expect((await manager.default.info()).shell.path).toStartWith("/");
  });

  test("does not travel in clear text to another machine", async () => {
    writeFileSync(join(directory, "t"), "0123456789abcdef");
    const transport = {
      ...atUrl("ws://192.0.2.1:1"),
      token: { kind: "file", path: join(directory, "t") },
    } as const;
    await using manager = manage([define("box", transport)]);
    expect(String(await failure(manager.default.info()))).toContain(
      "require wss:// or a loopback destination",
    );
  });
});
