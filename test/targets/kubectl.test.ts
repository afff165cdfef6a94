import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { parse } from "smol-toml";
import { version } from "../../cli/version.ts";
import { copiesThereAndBack } from "./copies-there-and-back.ts";
import { keepsNothing } from "./keeps-nothing.ts";
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

  test("takes files and gives them back, byte by byte", () => copiesThereAndBack(mine), 60_000);

  test.each(["codex-env", "its carrier"] as const)(
    "keeps nothing of a command when %s here is killed, and can be used again",
    (victim) =>
      keepsNothing(mine, {
        victim,
        killCarrier: () => target.killClients(),
        processes: async () => (await Bun.$`${container.enter} ps -o stat,args`.text()).trim().split("\n"),
      }),
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
