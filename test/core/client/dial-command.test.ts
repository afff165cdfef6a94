import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { connectClient } from "../../../core/client/connect-client.ts";
import type { Noise } from "../../../core/client/noise.ts";
import { Secret } from "../../../core/host/secret.ts";
import { limits } from "../../../core/limits.ts";
import { ourServerCommand } from "../../support/our-program.ts";
import { isAlive } from "../../support/process-state.ts";
import { until } from "../../support/wait.ts";

const server = [...ourServerCommand(), "--listen", "stdio"];

/** A server behind a shell script, as behind a login shell. */
function behind(script: string): { readonly kind: "command"; readonly argv: [string, ...string[]] } {
  return { kind: "command", argv: ["/bin/sh", "-c", `${script}\nexec "$@"`, "sh", ...server] };
}

describe("a program that carries a connection", () => {
  test("may print lines that are no messages: they are reported and skipped", async () => {
    const noise: Noise[] = [];
    using client = await connectClient(
      behind(`echo 'Welcome to devbox'; echo '{"half": '; echo '[1]'; printf 'caf\\351\\n'; echo psst >&2`),
      { clientName: "test", onNoise: (heard) => noise.push(heard) },
    );
    expect(client.info.shell.path).toStartWith("/");
    const printed = noise.filter(({ from }) => from === "stdout").map(({ text }) => text);
    expect(printed).toEqual(["caf\uFFFD", "Welcome to devbox", '{"half": ', "[1]"].sort(inOrderOf(printed)));
    expect(noise).toContainEqual({ from: "stderr", text: "psst" });
  });

  test("may print more than anybody wants to see, and nobody does", async () => {
    const noise: string[] = [];
    using client = await connectClient(behind("yes | head -n 100000"), {
      clientName: "test",
      onNoise: ({ text }) => noise.push(text),
    });
    expect(client.info.shell.path).toStartWith("/");
    expect(noise).toHaveLength(limits.noiseLines + 1);
    expect(noise.at(-1)).toBe("(what else it says is not shown)");
  });

  test("and answers nothing any more is given up, and ended", async () => {
    const pids: number[] = [];
    const lost = Promise.withResolvers<string>();
    const before = { pingIntervalMs: limits.pingIntervalMs, pongDeadlineMs: limits.pongDeadlineMs };
    Object.assign(limits, { pingIntervalMs: 100, pongDeadlineMs: 300 });
    try {
      using client = await connectClient(behind("echo $$"), {
        clientName: "test",
        onNoise: ({ text }) => /^\d+$/.test(text) && pids.push(Number(text)),
        onState: (state) => state.kind === "lost" && lost.resolve(state.reason),
      });
      // What is only quiet is asked, and answers.
      await Bun.sleep(700);
      expect(client.state.kind).toBe("ready");
      process.kill(pids[0] ?? 0, "SIGSTOP");
      expect(await lost.promise).toContain("nothing was heard for");
      expect(await until(() => !isAlive(pids[0] ?? 0), 5_000)).toBe(true);
    } finally {
      Object.assign(limits, before);
    }
  });

  test("and ends before it is connected has its last complaint told", async () => {
    const target = { kind: "command", argv: ["/bin/sh", "-c", "echo no route >&2; exit 255"] } as const;
    const error = await connectClient(target, { clientName: "test" }).catch(String);
    expect(error).toContain("/bin/sh ended with exit code 255: no route");
  });

  test("gets the arguments, variables and directory it was given, and no secret of ours", async () => {
    process.env["CODEX_ENV_TOKEN"] = "hush";
    const heard: string[] = [];
    const script = 'echo "$1|$VALUE|$PWD|$CODEX_ENV_TOKEN|$HOME" >&2';
    await connectClient(
      {
        kind: "command",
        argv: ["/bin/sh", "-c", script, "sh", "$HOME  x"],
        env: { VALUE: "a b", HOME: "/h" },
        cwd: "/usr",
      },
      { clientName: "test", onNoise: ({ text }) => heard.push(text) },
    ).catch(() => {});
    delete process.env["CODEX_ENV_TOKEN"];
    expect(heard).toEqual(["$HOME  x|a b|/usr||/h"]);
  });

  test("that never answers is given up after its deadline, and ended", async () => {
    const before = performance.now();
    const pids: number[] = [];
    const error = await connectClient(
      { kind: "command", argv: ["/bin/sh", "-c", "echo $$ >&2; exec sleep 60"] },
      {
        clientName: "test",
        deadlines: { initializeMs: 200 },
        onNoise: ({ text }) => pids.push(Number(text)),
      },
    ).catch(String);
    expect(error).toContain("no answer within 0.2 s");
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(pids).toHaveLength(1);
    expect(await until(() => !pids.some(isAlive), 5_000)).toBe(true);
  });

  test("is gone with all that it started once the client is closed", async () => {
    const pids: number[] = [];
    const programs: Promise<void>[] = [];
    const client = await connectClient(
      behind("setsid sh -c 'trap \"\" TERM HUP; echo $$ >&2; exec sleep 60' &"),
      {
        clientName: "test",
        onNoise: ({ text }) => /^\d+$/.test(text) && pids.push(Number(text)),
        onProgram: (gone) => programs.push(gone),
      },
    );
    expect(await until(() => pids.length === 1, 5_000)).toBe(true);
    client.close();
    await Promise.all(programs);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test("is gone with all that it started when the client is killed", async () => {
    const client = resolve(import.meta.dir, "../../../core/client/connect-client.ts");
    const script = `
      import { connectClient } from ${JSON.stringify(client)};
      await connectClient(${JSON.stringify(behind("setsid sleep 60 & echo $! >&2; echo $$ >&2"))}, {
        clientName: "test", onNoise: ({ text }) => console.log(text),
      });
      console.log("connected");
      setInterval(() => {}, 1000);`;
    const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" });
    let printed = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      printed += text;
      if (printed.includes("connected")) break;
    }
    child.kill("SIGKILL");
    await child.exited;
    const pids = printed.split("\n").map(Number).filter(Boolean);
    expect(pids).toHaveLength(2);
    expect(await until(() => !pids.some(isAlive), 5_000)).toBe(true);
  });
});

test("headers of a target are sent with the upgrade", async () => {
  const { promise, resolve: received } = Promise.withResolvers<Headers>();
  using listener = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      received(request.headers);
      return new Response("no", { status: 403 });
    },
  });
  const url = new URL(`ws://127.0.0.1:${listener.port}`);
  const headers = [{ name: "x-request-id", value: new Secret("r-1") }];
  await connectClient({ kind: "websocket", url, headers }, { clientName: "test" }).catch(() => {});
  expect((await promise).get("x-request-id")).toBe("r-1");
});

/** Which of two noises comes first is not promised between the reports of bytes and of text. */
function inOrderOf(list: readonly string[]): (one: string, other: string) => number {
  return (one, other) => list.indexOf(one) - list.indexOf(other);
}

describe("a program is found", () => {
  const dialled = (target: { argv: [string, ...string[]]; cwd?: string; env?: Record<string, string> }) =>
    connectClient({ kind: "command", ...target }, { clientName: "test" }).catch(String);

  test("in its own directory when it has a slash, else on the PATH it is given", async () => {
    const directory = mkdtempSync(join(tmpdir(), "codex-env-program-"));
    writeFileSync(join(directory, "mine"), "#!/bin/sh\necho found me >&2; exit 9\n", { mode: 0o755 });
    expect(await dialled({ argv: ["./mine"], cwd: directory })).toContain(
      "./mine ended with exit code 9: found me",
    );
    const env = { PATH: `${directory}:/bin:/usr/bin` };
    expect(await dialled({ argv: ["mine"], env })).toContain("mine ended with exit code 9: found me");
    expect(await dialled({ argv: ["mine"] })).toContain(
      "cannot start mine: No such file or directory (os error 2)",
    );
    rmSync(directory, { recursive: true });
  });

  test("in no directory that is not there, which is named", async () => {
    expect(await dialled({ argv: ["/bin/true"], cwd: "/no/such" })).toContain(
      "cannot start /bin/true in /no/such: No such file",
    );
  });
});
