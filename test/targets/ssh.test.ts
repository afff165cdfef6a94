import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { version } from "../../cli/version.ts";
import { limits } from "../../core/limits.ts";
import { builtBinary } from "../support/built-binary.ts";
import { until } from "../support/wait.ts";
import { sshd, startSshHost } from "./ssh-host.ts";
import { targetFixture } from "./target-fixture.ts";

if (sshd === undefined) console.log("skipped: there is no sshd (Debian: openssh-server)");

const noisy = 'echo "Welcome, today is $(date)"; echo "a warning" >&2; printf "no line end"';

/** What was put into the home over there. */
function installed(home: string): readonly string[] {
  const directory = join(home, ".local/share/codex-env");
  return existsSync(directory) ? readdirSync(directory) : [];
}

describe.skipIf(sshd === undefined)("a machine behind ssh", () => {
  test("gets codex-env by env add, runs commands, and gets nothing a second time", async () => {
    await using host = await startSshHost();
    using mine = targetFixture(host.variables);
    const added = await mine.run("env", "add", "box", "--ssh", host.destination);
    expect(added).toMatchObject({ code: 0, stdout: `box  ssh ${host.destination}\n` });
    expect(added.stderr).toContain(`codex-env ${version} is on ssh ${host.destination} now`);
    expect(installed(host.home)).toEqual([expect.stringMatching(new RegExp(`^${version}-[0-9a-f]{12}$`))]);
    const [name = ""] = installed(host.home);
    const directory = join(host.home, ".local/share/codex-env", name);
    expect(readdirSync(directory).sort()).toEqual(["codex-env", "codex-resources"]);
    expect(statSync(join(directory, "codex-env")).size).toBe(statSync(builtBinary).size);
    expect(parse(mine.read("environments.toml"))["environments"]).toEqual([
      expect.objectContaining({
        program: "ssh",
        args: expect.arrayContaining([`${directory}/codex-env serve --listen stdio --log-level error`]),
        initialize_timeout_sec: expect.any(Number),
      }),
    ]);
    const ran = await mine.run("exec", "-e", "box", "sh", "-c", "echo $SSH_CONNECTION; exit 3");
    expect(ran).toMatchObject({ code: 3, stdout: expect.stringContaining("127.0.0.1") });
    const updated = await mine.run("env", "update", "box");
    expect(updated).toMatchObject({ code: 0, stdout: `box  ${directory}/codex-env  present\n`, stderr: "" });
  }, 120_000);

  test("is used although its login prints among the protocol, by us and, through codex-env dial, by others", async () => {
    await using host = await startSshHost({ login: noisy });
    using mine = targetFixture(host.variables);
    const added = await mine.run("env", "add", "box", "--ssh", host.destination, "--jump", "gate");
    expect(added.code, added.stderr).toBe(0);
    expect(added.stderr).toContain("other clients would stop: they go through codex-env dial");
    expect(parse(mine.read("environments.toml"))["environments"]).toEqual([
      expect.objectContaining({ program: builtBinary, args: ["dial", "box"] }),
    ]);
    expect(mine.read("codex-env.toml")).toContain('[environments.box.dial]\nprogram = "ssh"');
    const ran = await mine.run("exec", "-e", "box", "echo", "hello");
    expect(ran).toMatchObject({ code: 0, stdout: "hello\n" });
    expect(ran.stderr).toContain("box says: Welcome, today is");
  }, 120_000);

  test("that ends what a session leaves keeps a command to its end, and has nothing left afterwards", async () => {
    await using host = await startSshHost({ killsAtLogout: true });
    using mine = targetFixture(host.variables);
    const added = await mine.run("env", "add", "box", "--ssh", host.destination);
    expect(added.code, added.stderr).toBe(0);
    const script = `(trap "" HUP TERM; sleep 300) & echo $! >${host.home}/pid; sleep 0.3; echo end`;
    expect(await mine.run("exec", "-e", "box", "sh", "-c", script)).toMatchObject({
      code: 0,
      stdout: "end\n",
    });
    const pid = readFileSync(join(host.home, "pid"), "utf8").trim();
    expect(await until(() => !existsSync(`/proc/${pid}`), 5_000)).toBe(true);
  }, 120_000);

  test("whose link is cut under a command is told to be lost, with the environment's name, and is there again at the next use", async () => {
    await using host = await startSshHost();
    using mine = targetFixture(host.variables);
    const added = await mine.run("env", "add", "box", "--ssh", host.destination);
    expect(added.code, added.stderr).toBe(0);
    const started = join(host.home, "started");
    const running = mine.run("exec", "-e", "box", "sh", "-c", `echo up; touch ${started}; sleep 300`);
    expect(await until(() => existsSync(started), 20_000)).toBe(true);
    await host.cut();
    const { code, stdout, stderr } = await running;
    expect({ code, stdout, stderr }).toMatchObject({
      code: 123,
      stdout: "up\n",
      stderr: expect.stringContaining("lost"),
    });
    expect(await mine.run("exec", "-e", "box", "echo", "again")).toMatchObject({
      code: 0,
      stdout: "again\n",
    });
  }, 120_000);

  test("that does not answer leaves no entry, and says how to write it all the same", async () => {
    await using host = await startSshHost();
    using mine = targetFixture(host.variables);
    const { code, stderr } = await mine.run("env", "add", "box", "--ssh", host.destination, "--port", "1");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/Connection refused.*--no-install/s)]);
    expect(existsSync(join(mine.home, "environments.toml"))).toBe(false);
  });

  test("keeps of an installation that was killed what can be gone on with, and has it whole afterwards", async () => {
    await using host = await startSshHost();
    using mine = targetFixture(host.variables);
    const words = ["env", "add", "box", "--ssh", host.destination];
    const killed = Bun.spawn([builtBinary, ...words], {
      env: mine.variables,
      stdio: ["ignore", "ignore", "ignore"],
    });
    const files = () =>
      installed(host.home).flatMap((name) => readdirSync(join(host.home, ".local/share/codex-env", name)));
    const directory = () => join(host.home, ".local/share/codex-env", installed(host.home)[0] ?? "");
    const onItsWay = () => files().find((name) => /^\.codex-env\..*\.new$/.test(name));
    const arrived = () => {
      const name = onItsWay();
      return name === undefined
        ? 0
        : (statSync(join(directory(), name), { throwIfNoEntry: false })?.size ?? 0);
    };
    expect(await until(() => arrived() > 4 * limits.installPieceBytes, 20_000)).toBe(true);
    killed.kill("SIGKILL");
    expect(await until(() => onItsWay() === undefined, 10_000)).toBe(true);
    expect(files().sort()).toEqual([
      expect.stringMatching(/^\.codex-env\.[0-9a-f]{64}\.part$/),
      "codex-resources",
    ]);
    expect(await mine.run(...words)).toMatchObject({ code: 0 });
    expect(files().sort()).toEqual(["codex-env", "codex-resources"]);
  }, 120_000);

  test("from which codex-env was removed gets it again at the first use", async () => {
    await using host = await startSshHost();
    using mine = targetFixture(host.variables);
    expect((await mine.run("env", "add", "box", "--ssh", host.destination, "--no-install")).code).toBe(0);
    const first = await mine.run("exec", "-e", "box", "echo", "hello");
    expect(first).toMatchObject({ code: 0, stdout: "hello\n", stderr: expect.stringContaining("is on ssh") });
    rmSync(join(host.home, ".local"), { recursive: true });
    const second = await mine.run("exec", "-e", "box", "echo", "hello");
    expect(second).toMatchObject({ code: 0, stdout: "hello\n" });
  }, 120_000);
});
