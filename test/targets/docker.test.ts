import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { parse } from "smol-toml";
import { version } from "../../cli/version.ts";
import { StockStdioClient } from "../support/stock-stdio-client.ts";
import { copiesThereAndBack } from "./copies-there-and-back.ts";
import { type DockerEngine, startDockerEngine } from "./docker-engine.ts";
import { keepsNothing } from "./keeps-nothing.ts";
import { lacksBusybox } from "./root-directory.ts";
import { type TargetFixture, targetFixture } from "./target-fixture.ts";

const started = lacksBusybox ?? (await startDockerEngine());
if (typeof started === "string") console.log(`skipped: ${started}`);

/** Only for what is not run where there is none. */
function engine(): DockerEngine {
  if (typeof started === "string") throw new Error(started);
  return started;
}

/** Of a home that has been told of the container. */
let mine: TargetFixture;

describe.skipIf(typeof started === "string")("a container of docker", () => {
  beforeAll(async () => {
    mine = targetFixture(engine().variables);
    const added = await mine.run("env", "add", "web", "--docker", engine().container);
    expect(added.code, added.stderr).toBe(0);
    expect(added.stderr).toContain(`codex-env ${version} is on docker ${engine().container} now`);
  }, 60_000);

  afterAll(async () => {
    mine?.[Symbol.dispose]();
    await engine()[Symbol.asyncDispose]();
  }, 30_000);

  test("gets codex-env by env add, once, and runs commands with their input, output and exit code", async () => {
    expect(entries()).toEqual([expect.objectContaining({ program: "docker", initialize_timeout_sec: 20 })]);
    const script = "ls /etc/is-container; cat /proc/1/comm; exit 7";
    const ran = await mine.run("exec", "-e", "web", "sh", "-c", script);
    expect(ran).toEqual({ code: 7, stdout: "/etc/is-container\nsleep\n", stderr: "" });
    expect((await mine.run("env", "update", "web")).stdout).toEndWith("  present\n");
    const checked = await mine.run("env", "check", "web", "--json");
    expect(checked.code, checked.stderr).toBe(0);
    expect(JSON.parse(checked.stdout)).toMatchObject([{ id: "web", sandboxMechanism: "landlock" }]);
  }, 60_000);

  test("takes files and gives them back, byte by byte", () => copiesThereAndBack(mine), 60_000);

  test("of an engine that only the entry names is reached by whoever starts it", async () => {
    const { DOCKER_HOST: host = "" } = engine().variables;
    using other = targetFixture({ DOCKER_HOST: "unix:///no/such/engine" });
    const words = ["--docker", engine().container, "--env", `DOCKER_HOST=${host}`];
    const added = await other.run("env", "add", "web", ...words);
    expect(added.code, added.stderr).toBe(0);
    const ran = await other.run("exec", "-e", "web", "ls", "/etc/is-container");
    expect(ran).toMatchObject({ code: 0, stdout: "/etc/is-container\n" });
    const lost = await other.run("env", "add", "lost", "--docker", engine().container);
    expect(lost).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("say with DOCKER_HOST where it is"),
    });
  }, 60_000);

  test("is worked in by the user that is asked for, who has an installation of his own", async () => {
    const words = ["--docker", engine().container, "--user", "dev"];
    const added = await mine.run("env", "add", "dev", ...words);
    expect(added.code, added.stderr).toBe(0);
    const { stdout } = await mine.run("exec", "-e", "dev", "sh", "-c", "id -u; echo $HOME");
    expect(stdout).toBe("1000\n/home/dev\n");
    expect(JSON.stringify(entries())).toContain(`/home/dev/.local/share/codex-env/${version}-`);
  }, 60_000);

  test("serves a client as strict as the published one by the entry alone", async () => {
    const [entry] = entries();
    await using client = new StockStdioClient([entry?.program ?? "", ...(entry?.args ?? [])], {
      ...engine().variables,
    });
    await client.initialize();
    const seen = await client.start("one", "ls /etc/is-container; exit 3");
    await client.when(() => seen.closed);
    expect(seen).toMatchObject({ output: { stdout: "/etc/is-container\n" }, exitCode: 3 });
    expect(client.fault).toBeUndefined();
  }, 60_000);

  test.each(["codex-env", "its carrier"] as const)(
    "keeps nothing of a command when %s here is killed, and can be used again",
    (victim) =>
      keepsNothing(mine, {
        victim,
        // No other container has the name.
        killCarrier: () => Bun.$`pkill -KILL -f ${`^docker exec -i ${engine().container} `}`,
        processes: () => engine().processes(),
      }),
    60_000,
  );

  test("that is not there is told of in docker's words, and written nowhere", async () => {
    const before = mine.read("environments.toml");
    const gone = await mine.run("env", "add", "gone", "--docker", "no-such-one");
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringMatching(/no such container: no-such-one/i)]);
    expect(mine.read("environments.toml")).toBe(before);
  }, 60_000);
});

interface Entry {
  readonly program: string;
  readonly args: readonly string[];
}

function entries(): readonly Entry[] {
  const { environments } = parse(mine.read("environments.toml"));
  return (Array.isArray(environments) ? environments : []).map((entry) => {
    const { program, args } = Object(entry);
    return { ...Object(entry), program: String(program), args: [...args].map(String) };
  });
}
