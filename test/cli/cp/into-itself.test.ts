import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CliRun, runCli } from "../../support/our-cli.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { CopyPlaces } from "./copy-places.ts";

let server: TestServer;
let places: CopyPlaces;
let here: string;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => await server[Symbol.asyncDispose]());
beforeEach(() => {
  places = new CopyPlaces();
  here = places.here;
});
afterEach(() => places[Symbol.dispose]());

const cp = (words: readonly string[]): Promise<CliRun> => places.cp(server.url, words);

describe("a directory that is copied into itself", () => {
  test("is copied once where the other side turns out to be this machine", async () => {
    mkdirSync(join(here, "d/e"), { recursive: true });
    writeFileSync(join(here, "d/e/a"), "x");
    expect(await cp(["-r", "d", `env:${here}/d/sub`])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readdirSync(join(here, "d"), { recursive: true }).map(String).sort()).toEqual([
      "e",
      "e/a",
      "sub",
      "sub/e",
      "sub/e/a",
    ]);
    expect(await cp(["-r", `env:${here}/d/e`, "d/e/f"])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readdirSync(join(here, "d/e"), { recursive: true }).map(String).sort()).toEqual(["a", "f", "f/a"]);
  });

  test("is refused where both sides are known to be this machine", async () => {
    mkdirSync(join(here, "d"));
    symlinkSync("d", join(here, "way"));
    for (const words of [
      ["d", `env:${here}/way/sub`],
      [`env:${here}/d`, "d"],
    ]) {
      const run = await runCli(["cp", "-e", "local", "-r", ...words], {
        cwd: here,
        env: { CODEX_HOME: places.directory },
      });
      expect([run.code, run.stderr]).toEqual([
        1,
        expect.stringContaining("cannot copy a directory into itself"),
      ]);
    }
    expect(readdirSync(join(here, "d"))).toEqual([]);
  });
});
