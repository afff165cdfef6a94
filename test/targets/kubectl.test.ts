import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { version } from "../../cli/version.ts";
import { builtBinary } from "../support/built-binary.ts";
import { type KubectlTarget, lacksKubectl, startKubectlTarget } from "./kubernetes/kubectl.ts";
import { lacksBusybox } from "./root-directory.ts";
import { type TargetFixture, targetFixture } from "./target-fixture.ts";
import { type Container, lacksUnshare, startUnsharedContainer } from "./unshared-container.ts";

const lacking = lacksKubectl ?? lacksBusybox ?? (await lacksUnshare());
if (lacking !== undefined) console.log(`skipped: ${lacking}`);

const place = ["--namespace", "shop", "--container", "app", "--context", "test"];

describe.skipIf(lacking !== undefined)("a pod, by the real kubectl", () => {
  let container: Container;
  let target: KubectlTarget;
  let mine: TargetFixture;

  beforeAll(async () => {
    container = await startUnsharedContainer();
    target = await startKubectlTarget(container.enter);
    mine = targetFixture(target.variables);
    const added = await mine.run("env", "add", "web", "--kubectl", "web", ...place);
    expect(added.code, added.stderr).toBe(0);
    expect(added.stderr).toContain(`codex-env ${version} is on kubectl web now`);
  }, 60_000);

  afterAll(async () => {
    mine?.[Symbol.dispose]();
    await target?.[Symbol.asyncDispose]();
    await container?.[Symbol.asyncDispose]();
  });

  /** What runs in the pod of ours, and of what a test has left to sleep. */
  async function remains(): Promise<readonly string[]> {
    const lines = (await Bun.$`${container.enter} ps -o stat,args`.text()).trim().split("\n");
    return lines.filter((line) => /codex-env|sleep 321/.test(line));
  }

  test("gets codex-env by env add, and runs commands with their input, output and exit code", async () => {
    const path = `${container.home}/.local/share/codex-env/${version}-`;
    expect(parse(mine.read("environments.toml"))["environments"]).toEqual([
      expect.objectContaining({
        program: "kubectl",
        args: expect.arrayContaining([expect.stringContaining(path)]),
      }),
    ]);
    const asked = { stdin: "true", stdout: "true", stderr: "true", container: "app" };
    expect(Object.fromEntries(new URLSearchParams(target.api.asked[0]))).toEqual(asked);
    const { code, stdout } = await mine.run("exec", "-e", "web", "sh", "-c", "ls /etc/is-container; exit 7");
    expect({ code, stdout }).toEqual({ code: 7, stdout: "/etc/is-container\n" });
    expect((await mine.run("env", "update", "web")).stdout).toEndWith("  present\n");
  }, 60_000);

  test("takes files and gives them back, byte by byte", async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(65_536));
    const [there, back] = [join(mine.home, "there"), join(mine.home, "back")];
    writeFileSync(there, Buffer.concat(Array<Uint8Array>(40).fill(bytes)));
    expect(await mine.run("cp", there, "web:/tmp/a file")).toMatchObject({ code: 0 });
    expect(await mine.run("cp", "web:/tmp/a file", back)).toMatchObject({ code: 0 });
    expect(readFileSync(back).equals(readFileSync(there))).toBe(true);
  }, 60_000);

  test.each(["codex-env", "kubectl"])(
    "keeps nothing of a command whose %s here is killed, and can be used again",
    async (victim) => {
      const words = [builtBinary, "exec", "-e", "web", "sh", "-c", "echo up; sleep 321 & sleep 321"];
      const running = Bun.spawn(words, { env: mine.variables, stdio: ["ignore", "pipe", "ignore"] });
      await running.stdout.getReader().read();
      expect(await remains()).not.toEqual([]);
      if (victim === "kubectl") await target.killClients();
      else running.kill("SIGKILL");
      expect(await running.exited).toBe(victim === "kubectl" ? 123 : 137);
      const giveUpAt = performance.now() + 10_000;
      while ((await remains()).length > 0 && performance.now() < giveUpAt) await Bun.sleep(20);
      expect(await remains()).toEqual([]);
      const again = await mine.run("exec", "-e", "web", "echo", "again");
      expect(again).toMatchObject({ code: 0, stdout: "again\n" });
    },
    60_000,
  );

  test.each([
    ["a pod that is not there", "gone", place, /not found/],
    ["a context that is not there", "web", ["--context", "none"], /context\b.*\bnone\b/],
  ])(
    "%s is told of in kubectl's words, and written nowhere",
    async (_, pod, words, reason) => {
      const before = mine.read("environments.toml");
      const { code, stderr } = await mine.run("env", "add", "gone", "--kubectl", pod, ...words);
      expect([code, stderr]).toEqual([1, expect.stringMatching(reason)]);
      expect(mine.read("environments.toml")).toBe(before);
    },
    60_000,
  );
});
