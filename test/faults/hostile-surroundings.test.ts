import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ourServerCommand } from "../support/our-program.ts";
import { startTestServer } from "../support/test-server.ts";
import { WireClient } from "../support/wire-client.ts";
import { startParams } from "./child.ts";

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
test.if(ourServerCommand()[0] !== process.execPath)(
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
