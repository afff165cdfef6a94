import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ourServerCommand } from "../support/our-program.ts";
import { processesWithEnvironment, treeOf } from "../support/process-tree.ts";
import { startTestServer } from "../support/test-server.ts";
import { WireClient } from "../support/wire-client.ts";
import { shell, startParams } from "./child.ts";

const policy = { inherit: "all", ignoreDefaultExcludes: true, exclude: [], set: {}, includeOnly: [] };

async function inheritedEnvironment(url: string): Promise<string[]> {
  const client = await WireClient.open(url);
  await client.request(
    "process/start",
    startParams("p", ["/usr/bin/env", "-0"], { env: {}, envPolicy: policy }),
  );
  await client.waitProcessClosed("p");
  client.vanish();
  return client.outputOf("p").split("\0");
}

// What the flags of the build close; Bun itself reads both when it runs the sources.
const isBuilt = ourServerCommand()[0] !== process.execPath;
if (!isBuilt) console.warn("skipped: that a .env and a bunfig.toml are ignored is a property of the build");
test.skipIf(!isBuilt)(
  "a .env and a bunfig.toml with a preload in the working directory run nothing and set nothing",
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "hostile-"));
    const proof = join(directory, "ran");
    writeFileSync(join(directory, ".env"), "HOSTILE_DOTENV=1\n");
    writeFileSync(join(directory, "bunfig.toml"), 'preload = ["./evil.ts"]\n');
    writeFileSync(
      join(directory, "evil.ts"),
      `require("node:fs").writeFileSync(${JSON.stringify(proof)}, "");\n`,
    );
    {
      await using server = await startTestServer({ cwd: directory });
      expect((await inheritedEnvironment(server.url)).join("\n")).not.toContain("HOSTILE_DOTENV");
    }
    expect(existsSync(proof)).toBe(false);
    rmSync(directory, { recursive: true });
  },
  30_000,
);

test("Bun's own switches are dropped from what children inherit, never from what a request sends", async () => {
  await using server = await startTestServer({ env: { BUN_OPTIONS: "--silent" } });
  const switches = (await inheritedEnvironment(server.url)).filter((text) =>
    /^BUN_(OPTIONS|BE_BUN)=/.test(text),
  );
  expect(switches).toEqual([]);
  const client = await WireClient.open(server.url);
  const env = { BUN_OPTIONS: "mine", BUN_BE_BUN: "1" };
  await client.request("process/start", startParams("p", ["/usr/bin/env", "-0"], { env }));
  await client.waitProcessClosed("p");
  expect(client.outputOf("p").split("\0").sort()).toEqual(["", "BUN_BE_BUN=1", "BUN_OPTIONS=mine"]);
  client.vanish();
}, 30_000);

test("a program of a common name in front of PATH is run by nobody but the request that names it", async () => {
  const directory = mkdtempSync(join(tmpdir(), "shadow-"));
  const proof = join(directory, "ran");
  for (const name of ["sh", "env", "setsid", "bwrap", "stty", "getent", "kill"]) {
    writeFileSync(join(directory, name), `#!/bin/sh\necho ${name} >> ${proof}\n`, { mode: 0o755 });
  }
  {
    await using server = await startTestServer({ env: { PATH: `${directory}:${process.env["PATH"]}` } });
    const client = await WireClient.open(server.url);
    await client.request("process/start", startParams("p", ["/bin/echo", "x"]));
    await client.request("process/start", startParams("t", ["/bin/echo", "x"], { tty: true }));
    await client.waitProcessClosed("p");
    await client.waitProcessClosed("t");
    client.vanish();
  }
  expect(existsSync(proof)).toBe(false);
  rmSync(directory, { recursive: true });
}, 30_000);

test("LD_PRELOAD of a request reaches its own command alone, never the guardian or another command", async () => {
  await using server = await startTestServer();
  const client = await WireClient.open(server.url);
  const library = `/nowhere/${crypto.randomUUID()}.so`;
  const env = { PATH: "/usr/bin:/bin", LD_PRELOAD: library };
  // Each waits in the shell itself, so that what it says is its own pid and no other process has its environment.
  const pidOf = async (processId: string, members: Readonly<Record<string, unknown>>) => {
    await client.request("process/start", startParams(processId, shell("echo $$; read line"), members));
    // A loader that does not find the library says so first.
    const pid = () => /^(\d+)\r?\n/m.exec(client.outputOf(processId))?.[1];
    await client.waitFor(() => pid() !== undefined);
    return Number(pid());
  };
  const onPipes = await pidOf("pipes", { env, pipeStdin: true });
  const onPty = await pidOf("pty", { env, tty: true });
  const other = await pidOf("other", { pipeStdin: true });
  expect(new Set(processesWithEnvironment(library))).toEqual(new Set([onPipes, onPty]));
  const commands = [onPipes, onPty, other];
  const own = treeOf(server.pid).filter((pid) => pid !== server.pid && !commands.includes(pid));
  expect(own.length).toBeGreaterThan(0);
  for (const pid of own) expect(readFileSync(`/proc/${pid}/environ`, "latin1").replaceAll("\0", "")).toBe("");
  client.vanish();
}, 30_000);

test("PATH of a request is where its own command is looked for, and serves nothing of ours", async () => {
  const directory = mkdtempSync(join(tmpdir(), "shadow-"));
  const proof = join(directory, "ran");
  for (const name of ["sh", "env", "setsid", "bwrap", "stty", "getent", "kill", "mine"]) {
    writeFileSync(join(directory, name), `#!/bin/sh\necho ${name} >> ${proof}\n`, { mode: 0o755 });
  }
  await using server = await startTestServer();
  const client = await WireClient.open(server.url);
  const env = { PATH: directory };
  for (const tty of [false, true]) {
    await client.request("process/start", startParams(`echo ${tty}`, ["/bin/echo", "x"], { env, tty }));
    await client.waitProcessClosed(`echo ${tty}`);
    await client.request("process/start", startParams(`ended ${tty}`, ["/bin/sleep", "100"], { env, tty }));
    await client.request("process/terminate", { processId: `ended ${tty}` });
    await client.waitProcessClosed(`ended ${tty}`);
  }
  expect(existsSync(proof)).toBe(false);
  await client.request("process/start", startParams("named", ["mine"], { env }));
  await client.waitProcessClosed("named");
  expect(readFileSync(proof, "utf8")).toBe("mine\n");
  client.vanish();
  rmSync(directory, { recursive: true });
}, 30_000);
