import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestServer } from "../../support/test-server.ts";
import { atUrl, define, failure, manage } from "./definitions.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "codex-env-token-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("a token in a file", () => {
  const flags = (file: string) => ["--ws-auth", "capability-token", "--ws-token-file", file];

  test("is read when it is needed, so that a new one counts at the next connect", async () => {
    const good = join(directory, "good");
    writeFileSync(good, "0123456789abcdef0123456789abcdef\n");
    const given = join(directory, "given");
    await using server = await startTestServer({ flags: flags(good) });
    const transport = { ...atUrl(server.url), token: { kind: "file", path: given } } as const;
    await using manager = manage([define("box", transport)]);
    expect(String(await failure(manager.default.info()))).toContain(
      `the token file ${given} cannot be read (ENOENT)`,
    );
    writeFileSync(given, "two words");
    expect(String(await failure(manager.default.info()))).toContain("holds characters that no token has");
    writeFileSync(given, "fedcba9876543210fedcba9876543210");
    const refused = String(await failure(manager.default.info()));
    expect(refused).toContain("401");
    expect(refused).not.toContain("fedcba9876543210");
    writeFileSync(given, "0123456789abcdef0123456789abcdef");
    expect((await manager.default.info()).shell.path).toStartWith("/");
  });

  test("does not travel in clear text to another machine", async () => {
    writeFileSync(join(directory, "t"), "0123456789abcdef");
    const transport = {
      ...atUrl("ws://192.0.2.1:1"),
      token: { kind: "file", path: join(directory, "t") },
    } as const;
    await using manager = manage([define("box", transport)]);
    expect(String(await failure(manager.default.info()))).toContain(
      "require wss:// or a loopback destination",
    );
  });
});
