import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ExitCode } from "../../../cli/exit-codes.ts";
import { CuttingProxy } from "../../support/cutting-proxy.ts";
import { ourCli } from "../../support/our-cli.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";
import { LeftJobs } from "./left-jobs.ts";

let server: TestServer;
let jobs: LeftJobs;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => await server[Symbol.asyncDispose]());
beforeEach(() => {
  jobs = new LeftJobs(server.url);
});
afterEach(() => jobs[Symbol.dispose]());

test("a command whose exec was killed is gone back to, from the first of its output", async () => {
  const child = Bun.spawn(
    ourCli([
      "exec",
      "--",
      "sh",
      "-c",
      `echo first; until test -e ${jobs.home}/go; do sleep 0.02; done; exit 7`,
    ]),
    {
      env: { ...process.env, ...jobs.env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
    },
  );
  const { value } = await child.stdout.getReader().read();
  expect(new TextDecoder().decode(value)).toBe("first\n");
  expect((await jobs.run(["status"])).stdout).toContain(`held by exec (process ${child.pid})`);
  child.kill("SIGKILL");
  await child.exited;
  jobs.go();
  expect(await jobs.run(["attach"])).toMatchObject({ code: 7, stdout: "first\n" });
});

test("a job whose REPL was killed is gone back to, from the first of its output", async () => {
  const child = Bun.spawn(ourCli(["connect"]), {
    env: { ...process.env, ...jobs.env },
    stdin: "pipe",
    stdout: "ignore",
    stderr: "ignore",
  });
  child.stdin.write(`${jobs.waiting()} &\n`);
  await child.stdin.flush();
  expect(await until(() => jobs.entries().some((text) => text.includes('"line"')), 4_000)).toBe(true);
  child.kill("SIGKILL");
  await child.exited;
  jobs.go();
  expect(await jobs.run(["attach"])).toMatchObject({ code: 7, stdout: "first\nsecond\n" });
});

test("a job that ended and left something running is told with its exit code, and stays to be gone back to", async () => {
  const left = await jobs.connect(`sh -c 'sleep 60 & echo $! >${jobs.home}/pid; exit 4' &\n.detach\n`);
  const id = left.stdout.trim();
  const attached = await jobs.run(["attach", id]);
  expect([attached.code, attached.stderr]).toEqual([4, expect.stringContaining("it left something running")]);
  process.kill(Number(readFileSync(join(jobs.home, "pid"), "utf8")));
  expect(await jobs.run(["attach", id])).toEqual({ code: 4, stdout: "", stderr: "" });
  expect(jobs.entries()).toEqual([]);
});

test("a command that exec gave up while the link was down is gone back to, where its output stopped", async () => {
  const { hostname, port } = new URL(server.url);
  using proxy = new CuttingProxy({ host: hostname, port: Number(port) });
  const script = `echo first; until test -e ${jobs.home}/go; do sleep 0.02; done; echo second; exit 7`;
  const child = Bun.spawn(ourCli(["exec", "--url", proxy.url, "--", "sh", "-c", script]), {
    env: { ...process.env, ...jobs.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const stderr = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  await child.stdout.getReader().read();
  proxy.refuse(true);
  proxy.cutAll();
  expect((await stderr.read()).value).toContain("the link was cut");
  child.kill("SIGINT");
  expect(await child.exited).toBe(ExitCode.linkLost);
  proxy.refuse(false);
  jobs.go();
  expect(await jobs.run(["attach"])).toEqual({ code: 7, stdout: "second\n", stderr: "" });
});
