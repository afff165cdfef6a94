import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  EnvironmentLostError,
  EnvironmentUnavailableError,
} from "../../../core/environment/environment-errors.ts";
import { EnvironmentManager } from "../../../core/environment/environment-manager.ts";
import { reachState } from "../../../core/environment/environment-state.ts";
import { CuttingProxy } from "../../support/cutting-proxy.ts";
import { isAlive } from "../../support/process-state.ts";
import { runningCommands } from "../../support/running-commands.ts";
import { startTestServer } from "../../support/test-server.ts";
import {
  atUrl,
  byProgram,
  dead,
  define,
  failure,
  manage,
  managerOptions,
  snapshotOf,
  startScript,
  stdioServer,
} from "./definitions.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "codex-env-used-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const proxyOf = (url: string) => new CuttingProxy({ host: "127.0.0.1", port: Number(new URL(url).port) });

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
    const error = await failure(startScript(manager.default, `touch ${marker}`));
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
    const process = await startScript(box, "sleep 60", lost.resolve);
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
    const process = await startScript(manager.default, `echo $$ >${file}; trap '' TERM HUP; sleep 60`);
    while (!(await Bun.file(file).exists()) || (await Bun.file(file).text()) === "") await Bun.sleep(5);
    await manager.close();
    expect(isAlive((await Bun.file(file).text()).trim())).toBe(false);
    expect(process.over).toBe(true);
  });

  test("ends a command whose start is under way when it is closed, and takes none after that", async () => {
    await using server = await startTestServer();
    await using other = manage([define("other", atUrl(server.url))]);
    const manager = manage([define("box", atUrl(server.url))]);
    await manager.default.info();
    const marker = `60.${process.pid}`;
    const sent = failure(startScript(manager.default, `sleep ${marker}`));
    await Bun.sleep(0);
    const unsent = failure(startScript(manager.default, `sleep ${marker}`));
    const closing = manager.close();
    const late = failure(startScript(manager.default, `sleep ${marker}`));
    for (const start of [unsent, late]) {
      expect(String(await start)).toContain("environment `box` is not available: it was closed");
    }
    await Promise.all([closing, sent]);
    // What the server was asked before this it has done.
    await startScript(other.default, "true");
    expect(runningCommands(`sleep ${marker}`)).toEqual([]);
  });

  test("may be used for nothing that it is not meant for", async () => {
    await using server = await startTestServer();
    const capabilities = { execEnabled: false, filesystemEnabled: false };
    await using manager = manage([define("box", atUrl(server.url), { capabilities })]);
    expect(String(await failure(startScript(manager.default, "true")))).toContain(
      "`box` may not be used for commands",
    );
    const reading = (async () => await manager.default.files.readFile("/etc/hostname"))();
    expect(String(await failure(reading))).toContain("`box` may not be used for files");
    expect(manager.default.state.kind).toBe("unused");
  });
});
