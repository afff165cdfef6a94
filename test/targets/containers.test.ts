import { describe, expect, test } from "bun:test";
import { parse } from "smol-toml";
import { version } from "../../cli/version.ts";
import { builtBinary } from "../support/built-binary.ts";
import { startPodmanContainer } from "./podman-container.ts";
import { lacksBusybox } from "./root-directory.ts";
import { targetFixture } from "./target-fixture.ts";
import { lacksUnshare, startUnsharedContainer } from "./unshared-container.ts";

const lacking = lacksBusybox ?? (await lacksUnshare());
if (lacking !== undefined) console.log(`skipped: ${lacking}`);

const inside = ["sh", "-c", "ls /etc; echo $0; cat; exit 7"];

describe.skipIf(lacking !== undefined)("a container", () => {
  test("that any program leads into gets codex-env by env update, and runs commands", async () => {
    await using container = await startUnsharedContainer();
    using mine = targetFixture({});
    const [program = "", ...args] = container.enter;
    const words = ["--program", program, "--", ...args, "codex-env", "serve", "--listen", "stdio"];
    expect(await mine.run("env", "add", "web", ...words)).toMatchObject({ code: 0 });
    const path = `${container.home}/.local/share/codex-env/${version}-`;
    const updated = await mine.run("env", "update", "web", "--json");
    expect(updated.code, updated.stderr).toBe(0);
    expect(JSON.parse(updated.stdout)).toEqual({
      id: "web",
      binary: expect.stringMatching(new RegExp(`^${path}[0-9a-f]{12}/codex-env$`)),
      how: "placed",
    });
    const { code, stdout, stderr } = await mine.run("exec", "-e", "web", ...inside);
    expect({ code, stdout, stderr }).toMatchObject({ code: 7, stdout: "is-container\npasswd\nsh\n" });
    expect((await mine.run("env", "update", "web")).stdout).toEndWith("  present\n");
    // What is there under another name is taken for what it is.
    expect((await mine.run("env", "update", "web", "--binary", builtBinary)).stdout).toContain("/given-");
  }, 120_000);

  test("of podman gets codex-env by env add, and runs commands; one that is gone is told of", async () => {
    const container = await startPodmanContainer();
    if (typeof container === "string") {
      console.log(`not shown: ${container}`);
      return;
    }
    await using podman = container;
    using mine = targetFixture(podman.variables);
    const added = await mine.run("env", "add", "web", "--podman", podman.name);
    expect(added.code, added.stderr).toBe(0);
    expect(parse(mine.read("environments.toml"))["environments"]).toEqual([
      expect.objectContaining({ program: "podman", initialize_timeout_sec: 20 }),
    ]);
    const { code, stdout, stderr } = await mine.run("exec", "-e", "web", ...inside);
    expect({ code, stdout, stderr }).toMatchObject({
      code: 7,
      stdout: expect.stringContaining("is-container"),
    });
    const gone = await mine.run("env", "add", "other", "--podman", "no-such-one");
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringMatching(/no.* such container/i)]);
  }, 120_000);
});
