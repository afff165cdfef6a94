import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../../core/environment/connect.ts";
import type { Environment } from "../../../core/environment/environment.ts";
import {
  EnvironmentLostError,
  EnvironmentUnavailableError,
} from "../../../core/environment/environment-errors.ts";
import { run } from "../../../core/environment/run.ts";
import { UnsupportedError } from "../../../core/rpc/remote-calls.ts";
import { isAlive } from "../../support/process-state.ts";
import { scriptedServer } from "../../support/scripted-server.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";

let server: TestServer;
let box: Environment;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "codex-env-run-"));
  server = await startTestServer({ cwd: directory });
  box = await connect(server.url);
});
afterAll(async () => {
  await box.close();
  await server[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

const sh = (script: string): [string, ...string[]] => ["sh", "-c", script];

describe("a command that is run", () => {
  test("gives its output, its exit and its end", async () => {
    let output = "";
    const others: unknown[] = [];
    const env = { NAME: "world" };
    for await (const event of run(box, sh("pwd; echo hello $NAME; cat; exit 3"), {
      env,
      input: Buffer.from("in"),
    })) {
      if (event.kind === "output") output += new TextDecoder().decode(event.bytes);
      else others.push(event);
    }
    expect(output).toBe(`${directory}\nhello world\nin`);
    expect(others).toEqual([{ kind: "exited", status: { kind: "exited", code: 3 } }, { kind: "closed" }]);
  });

  test("runs where it is told, seen from the environment's own directory", async () => {
    const pieces: Uint8Array[] = [];
    for await (const event of run(box, ["pwd"], { cwd: ".." }))
      if (event.kind === "output") pieces.push(event.bytes);
    expect(Buffer.concat(pieces).toString()).toBe(`${tmpdir()}\n`);
  });

  test("waits for who takes its output, and loses none of it", async () => {
    let bytes = 0;
    for await (const event of run(box, sh("head -c 5000000 /dev/zero"))) {
      if (event.kind !== "output") continue;
      if (bytes === 0) await Bun.sleep(50);
      bytes += event.bytes.length;
    }
    expect(bytes).toBe(5_000_000);
  });

  test("is ended by who stops taking its output", async () => {
    const file = join(directory, "pid");
    for await (const event of run(
      box,
      sh(`echo $$ >${file}; trap '' TERM; while :; do echo x; sleep 0.01; done`),
    )) {
      if (event.kind === "output") break;
    }
    const pid = readFileSync(file, "utf8").trim();
    expect(await until(() => !isAlive(pid), 5_000)).toBe(true);
  });

  test("is refused with an error", async () => {
    const running = run(box, ["/no/such/program"]).next();
    expect(await running.catch((error: unknown) => error)).toHaveProperty("name", "RpcError");
  });

  test("with an input is refused where the input could have no end", async () => {
    await using old = scriptedServer({});
    const environment = await connect(old.url);
    const running = run(environment, ["cat"], { input: new Uint8Array(1) }).next();
    expect(await running.catch((error: unknown) => error)).toBeInstanceOf(UnsupportedError);
    await environment.close();
  });

  test("is lost with its server, by name", async () => {
    const dying = await startTestServer({ listen: `unix://${directory}/s.sock` });
    const lonely = await connect(dying.url, { id: "lonely" });
    const events = run(lonely, sh("echo up; sleep 60"));
    await events.next();
    const next = events.next().catch((error: unknown) => error);
    dying.signal("SIGTERM");
    await dying.exited;
    const outcome = await next;
    if (outcome instanceof Error) {
      expect(outcome).toBeInstanceOf(EnvironmentLostError);
      expect(outcome.message).toContain("environment `lonely` was lost");
    } else expect(outcome).toMatchObject({ value: { kind: "exited" } });
    await events.return();
    await lonely.close();
  });
});

test("a server that cannot be reached is said by name, and nothing is left open", async () => {
  const error = await connect("ws://127.0.0.1:1", { id: "far" }).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(EnvironmentUnavailableError);
  expect(String(error)).toContain("environment `far` is not available");
});
