import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { processesWithEnvironment, treeOf } from "../support/process-tree.ts";
import { until } from "../support/wait.ts";
import { WireClient } from "../support/wire-client.ts";
import { denyPath, minimalWrite, type Profile, workspaceWrite } from "./profiles.ts";
import { Scene } from "./scene.ts";
import { type AttackedServer, allSurroundings, attackedServer, type Surroundings } from "./surroundings.ts";

/** What the fixture has at the top of its workspace, and nothing else. */
const own = [".git", "a.txt", "priv", "sub", "top.env"];
const mounts = () => readFileSync("/proc/self/mountinfo", "utf8");

for (const surroundings of allSurroundings.filter(({ mechanism }) => mechanism === "bubblewrap")) {
  describe(`nothing is left behind ${surroundings.name}:`, () => {
    let attacked: AttackedServer;
    beforeAll(async () => {
      attacked = await attackedServer(surroundings);
    });
    afterAll(() => attacked[Symbol.asyncDispose]());

    async function inScene(profile: Profile, act: (scene: Scene) => Promise<void>): Promise<void> {
      const client = await WireClient.open(attacked.server.url);
      const scene = new Scene(attacked, client);
      scene.sandbox = profile(scene);
      try {
        await act(scene);
      } finally {
        await scene.end();
        client.vanish();
      }
    }
    const names = (scene: Scene) => readdirSync(scene.workspace).sort();

    test("a workspace is as it was when a process is closed, though placeholders stood in it", () =>
      inScene(workspaceWrite, async (scene) => {
        const ran = await scene.run(["/bin/sh", "-c", "ls -a"]);
        expect(ran.exitCode).toBe(0);
        expect(await until(() => names(scene).join() === own.join(), 2000)).toBe(true);
      }));

    test("a workspace is as it was after a process was terminated", () =>
      inScene(workspaceWrite, async (scene) => {
        const background = await scene.background(["/bin/sh", "-c", "echo up; sleep 60"], {
          sandbox: scene.sandbox,
        });
        await background.says(/up/);
        await background.end();
        expect(await until(() => names(scene).join() === own.join(), 2000)).toBe(true);
      }));

    test("two processes of one workspace share its placeholders, and the last one takes them along", () =>
      inScene(workspaceWrite, async (scene) => {
        const members = { sandbox: scene.sandbox };
        const first = await scene.background(["/bin/sh", "-c", "echo up; sleep 60"], members);
        const second = await scene.background(["/bin/sh", "-c", "echo up; sleep 60"], members);
        await first.says(/up/);
        await second.says(/up/);
        await first.end();
        const third = await scene.run(["/bin/sh", "-c", "mkdir .codex/x .agents/x .aws/x"]);
        expect(third.exitCode).not.toBe(0);
        await second.end();
        expect(await until(() => names(scene).join() === own.join(), 2000)).toBe(true);
      }));

    test("file requests put nothing into a workspace, not even while they run", () =>
      inScene(workspaceWrite, async (scene) => {
        await scene.call("fs/writeFile", { path: scene.uri("ws/a.txt"), dataBase64: "" });
        expect(names(scene)).toEqual(own);
      }));

    test("a crowd of processes that ignore signals and moved to sessions of their own ends at once when terminated", () =>
      inScene(workspaceWrite, async (scene) => {
        const mark = `CROWD_${crypto.randomUUID().slice(0, 8)}`;
        const env = { PATH: "/usr/bin:/bin", MARK: mark };
        const one = "trap '' HUP INT TERM QUIT; setsid sh -c 'trap \"\" HUP INT TERM; sleep 60' & sleep 60";
        const script = `i=0; while [ $i -lt 40 ]; do i=$((i+1)); sh -c '${one.replaceAll("'", `'\\''`)}' & done; sleep 0.3; echo up; kill -STOP 1; kill -STOP $$`;
        const background = await scene.background(["/bin/sh", "-c", script], { sandbox: scene.sandbox, env });
        await background.says(/up/);
        expect(processesWithEnvironment(mark).length).toBeGreaterThan(40);
        await background.end();
        expect(await until(() => processesWithEnvironment(mark).length === 0, 2000)).toBe(true);
        expect(await until(() => names(scene).join() === own.join(), 2000)).toBe(true);
      }));

    test("no mount comes to the host, and none stays", () =>
      inScene(denyPath, async (scene) => {
        const before = mounts();
        await scene.run(["/bin/true"]);
        await scene.call("fs/readFile", { path: scene.uri("ws/a.txt") });
        expect(mounts()).toBe(before);
      }));

    test("helpers end with their connection", async () => {
      const before = treeOf(attacked.server.pid).length;
      await inScene(minimalWrite, async (scene) => {
        await scene.call("fs/readFile", { path: scene.uri("ws/a.txt") });
      });
      expect(await until(() => treeOf(attacked.server.pid).length <= before, 4000)).toBe(true);
    });

    test("two connections with one policy have helpers of their own", () =>
      inScene(minimalWrite, async (scene) => {
        const other = await WireClient.open(attacked.server.url);
        const namespaces = () => new Set(treeOf(attacked.server.pid).map((pid) => namespaceOf(pid)));
        await scene.call("fs/readFile", { path: scene.uri("ws/a.txt") });
        const ofOne = namespaces();
        await other.call("fs/readFile", { path: scene.uri("ws/a.txt"), sandbox: scene.sandbox });
        expect([...namespaces()].some((each) => !ofOne.has(each))).toBe(true);
        other.vanish();
      }));
  });
}

function namespaced(): Surroundings {
  const found = allSurroundings.find(({ mechanism }) => mechanism === "bubblewrap");
  if (!found) throw new Error("no surroundings with bubblewrap");
  return found;
}

function namespaceOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid_for_children`);
  } catch {
    return ""; // It has ended, or nobody may look at it.
  }
}

test("what a process leaves running stays in its sandbox, and ends with the server", async () => {
  const mark = `LEFT_${crypto.randomUUID().slice(0, 8)}`;
  {
    await using attacked = await attackedServer(namespaced());
    const client = await WireClient.open(attacked.server.url);
    const scene = new Scene(attacked, client);
    scene.sandbox = workspaceWrite(scene);
    const loop = "while :; do echo x > ../out/pwned; echo x > .git/hook; echo x >> went-on; sleep 0.02; done";
    const script = `setsid nohup sh -c '${loop}' </dev/null >/dev/null 2>&1 & echo done`;
    await scene.run(["/bin/sh", "-c", script], { env: { PATH: "/usr/bin:/bin", MARK: mark } });
    expect(await until(() => (scene.text("ws/went-on") ?? "").length > 4, 3000)).toBe(true);
    expect([scene.exists("out/pwned"), scene.exists("ws/.git/hook")]).toEqual([false, false]);
    client.vanish();
  }
  expect(await until(() => processesWithEnvironment(mark).length === 0, 3000)).toBe(true);
}, 20_000);

test("a server that is killed with everything leaves placeholders to the next one, which takes them away", async () => {
  await using attacked = await attackedServer(namespaced());
  const client = await WireClient.open(attacked.server.url);
  const scene = new Scene(attacked, client);
  scene.sandbox = workspaceWrite(scene);
  const background = await scene.background(["/bin/sh", "-c", "echo up; sleep 60"], {
    sandbox: scene.sandbox,
  });
  await background.says(/up/);
  expect(readdirSync(scene.workspace)).toContain(".codex");
  attacked.server.signal("SIGKILL");
  await attacked.server.exited;
  const names = () => readdirSync(scene.workspace).sort().join();
  expect(await until(() => names() === own.join(), 8000)).toBe(true);
}, 20_000);
