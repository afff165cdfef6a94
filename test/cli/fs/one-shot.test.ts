import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtBinary } from "../../support/built-binary.ts";

let place = "";
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "codex-env-once-"));
  writeFileSync(join(place, "file"), "content");
});
afterAll(() => rmSync(place, { recursive: true }));

const uri = (name: string) => `file://${join(place, name)}`;

async function run(input: string, as: "codex-fs" | "codex-env fs") {
  const words = as === "codex-fs" ? [] : ["fs"];
  const running = Bun.spawn([builtBinary, ...words], {
    argv0: as === "codex-fs" ? "codex-fs" : "codex-env",
    cwd: "/",
    env: {},
    stdin: new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([running.stdout.text(), running.stderr.text()]);
  return { code: await running.exited, stdout, stderr };
}

const ask = (operation: string, params: Readonly<Record<string, unknown>>) =>
  JSON.stringify({ operation, params });

describe.each(["codex-fs", "codex-env fs"] as const)("%s, given one request", (as) => {
  test("prints its result as one line", async () => {
    const { code, stdout, stderr } = await run(ask("fs/readFile", { path: uri("file"), sandbox: null }), as);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.endsWith("\n")).toBe(true);
    expect(JSON.parse(stdout)).toEqual({
      status: "ok",
      payload: { operation: "fs/readFile", response: { dataBase64: "Y29udGVudA==" } },
    });
  });

  test("takes it over several lines, and does what it says", async () => {
    const request = { operation: "fs/writeFile", params: { path: uri(as), dataBase64: "aGVsbG8=" } };
    const { code, stdout } = await run(`${JSON.stringify(request, null, 2)}\n`, as);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      status: "ok",
      payload: { operation: "fs/writeFile", response: {} },
    });
    expect(readFileSync(join(place, as), "utf8")).toBe("hello");
  });

  test("prints what went wrong with the request as an answer, too", async () => {
    const { code, stdout, stderr } = await run(ask("fs/getMetadata", { path: uri("missing") }), as);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      status: "error",
      payload: { code: -32004, message: "No such file or directory (os error 2)" },
    });
  });

  test.each([
    ["nothing", "", ""],
    ["no JSON", "{", ""],
    ["no object", "[]", "a request is an object with `operation` and `params`"],
    ["no operation", '{"params":{}}', "missing field `operation`"],
    ["an operation that is none", ask("fs/close", { handleId: "x" }), 'unknown operation "fs/close"'],
    ["no path", ask("fs/readFile", {}), "missing field `path`"],
    ["two requests", `${ask("fs/readFile", {})}\n${ask("fs/readFile", {})}`, ""],
  ])("fails on %s, in one line on stderr", async (_, input, says) => {
    const { code, stdout, stderr } = await run(input, as);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^fs sandbox helper failed: [^\n]+\n$/);
    expect(stderr).toContain(says);
  });

  test("refuses one that asks for a sandbox: here is none", async () => {
    const sandbox = {
      permissions: {
        type: "managed",
        file_system: { type: "restricted", entries: [] },
        network: "restricted",
      },
      windowsSandboxLevel: "disabled",
    };
    const { code, stdout } = await run(ask("fs/readFile", { path: uri("file"), sandbox }), as);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: "error", payload: { code: -32600 } });
  });
});
