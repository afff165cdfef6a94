import { afterAll, beforeEach, expect, test } from "bun:test";
import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { limits } from "../../../../core/limits.ts";
import { Workspace } from "../../../core/sandbox/plan/workspace.ts";
import {
  denied,
  onPath,
  readOnly,
  rootRead,
  rootsWrite,
  SandboxedServer,
  sandboxOf,
} from "./sandboxed-scope.ts";

const server = new SandboxedServer();
const workspace = new Workspace();
const connection = server.connect();
afterAll(async () => {
  connection[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
  workspace[Symbol.dispose]();
});
beforeEach(() => rmSync(at("made"), { recursive: true, force: true }));

const at = (name: string) => `${workspace.ws}/${name}`;
const uri = (name: string) => `file://${at(name)}`;
const sandbox = sandboxOf(workspace.ws, rootRead, rootsWrite, onPath(at("priv"), "deny"));

/** A request of the workspace-write profile that denies `priv`. */
function ask(method: Parameters<typeof connection.call>[0], params: Readonly<Record<string, unknown>>) {
  return connection.call(method, { ...params, sandbox });
}

test("fs/getMetadata tells what the path is, and of a denied one nothing", async () => {
  const { size } = lstatSync(at("a.txt"));
  expect(await ask("fs/getMetadata", { path: uri("a.txt") })).toMatchObject({ isFile: true, size });
  expect(await ask("fs/getMetadata", { path: uri("priv/p.txt") })).toBe(denied);
});

test("what stands in the way is said before what may not be written", async () => {
  const write = (path: string) => ask("fs/writeFile", { path, dataBase64: "" });
  const isDirectory = "-32603 Is a directory (os error 21)";
  expect(await write(uri(".git"))).toBe(isDirectory);
  expect(await write(uri("priv"))).toBe(isDirectory);
  expect(await write(`file://${workspace.out}`)).toBe(isDirectory);
  const make = { path: `file://${workspace.out}/o.txt`, recursive: false };
  expect(await ask("fs/createDirectory", make)).toBe("-32603 File exists (os error 17)");
});

test("fs/canonicalize answers with the real path, in the form of the question", async () => {
  symlinkSync("a.txt", at("link"));
  expect(await ask("fs/canonicalize", { path: uri("link") })).toEqual({ path: uri("a.txt") });
  expect(await ask("fs/canonicalize", { path: at("link") })).toEqual({ path: at("a.txt") });
  rmSync(at("link"));
});

test("fs/readDirectory lists names, of what is denied too", async () => {
  const entry = (fileName: string, isDirectory: boolean) => ({ fileName, isDirectory, isFile: !isDirectory });
  const { entries } = Object(await ask("fs/readDirectory", { path: uri("") }));
  expect(entries).toContainEqual(entry("priv", true));
  expect(entries).toContainEqual(entry("a.txt", false));
});

test("fs/walk goes through what may be read", async () => {
  const options = { maxDepth: 5, maxDirectories: 99, maxEntries: 99, followDirectorySymlinks: false };
  const walked = Object(await ask("fs/walk", { path: uri("sub"), options }));
  expect(walked).toEqual({
    entries: [
      { path: uri("sub/deep"), kind: "directory" },
      { path: uri("sub/deep/x.env"), kind: "file" },
    ],
    errors: [],
    truncated: false,
  });
});

test("fs/createDirectory, fs/copy and fs/remove do what they say", async () => {
  expect(await ask("fs/createDirectory", { path: uri("made/one"), recursive: true })).toEqual({});
  const copy = { sourcePath: uri("sub"), destinationPath: uri("made/two"), recursive: true };
  expect(await ask("fs/copy", copy)).toEqual({});
  expect(readFileSync(at("made/two/deep/x.env"), "utf8")).toBe("SECRET=1");
  expect(await ask("fs/remove", { path: uri("made") })).toEqual({});
  expect(existsSync(at("made"))).toBe(false);
});

test("fs/copy is judged on both sides", async () => {
  const copy = (from: string, to: string) =>
    ask("fs/copy", { sourcePath: from, destinationPath: to, recursive: true });
  expect(await copy(uri("priv/p.txt"), uri("stolen"))).toBe(denied);
  expect(await copy(uri("a.txt"), `file://${workspace.out}/a`)).toBe(readOnly);
  expect(existsSync(at("stolen")) || existsSync(`${workspace.out}/a`)).toBe(false);
});

test("fs/open hands a file over, whose blocks are read without the helper", async () => {
  expect(await ask("fs/open", { handleId: "r", path: uri("a.txt"), mode: "read" })).toEqual({
    handleId: "r",
  });
  const helper = server.started.at(-1);
  helper?.killTree();
  await helper?.treeGone;
  expect(await connection.call("fs/readBlock", { handleId: "r", offset: 2, len: 3 })).toEqual({
    chunk: Buffer.from("sid").toString("base64"),
    eof: false,
  });
  expect(await connection.call("fs/close", { handleId: "r" })).toEqual({});
});

test("fs/open for replacing creates the file, and writes go to it", async () => {
  await ask("fs/createDirectory", { path: uri("made"), recursive: true });
  const opened = await ask("fs/open", { handleId: "w", path: uri("made/new"), mode: "replace" });
  expect(opened).toEqual({ handleId: "w" });
  await connection.call("fs/writeBlock", { handleId: "w", offset: 0, chunk: "aGVsbG8=" });
  await connection.call("fs/close", { handleId: "w" });
  expect(readFileSync(at("made/new"), "utf8")).toBe("hello");
});

test("fs/open is judged, and a refused one leaves its id free", async () => {
  expect(await ask("fs/open", { handleId: "d", path: uri("priv/p.txt"), mode: "read" })).toBe(denied);
  const outside = { handleId: "d", path: `file://${workspace.out}/new`, mode: "replace" };
  expect(await ask("fs/open", outside)).toBe(readOnly);
  expect(await ask("fs/open", { handleId: "d", path: uri("a.txt") })).toEqual({ handleId: "d" });
  expect(await ask("fs/open", { handleId: "d", path: uri("a.txt") })).toContain("already exists");
  await connection.call("fs/close", { handleId: "d" });
});

test("content large and small, of any bytes, comes back as it was written", async () => {
  await ask("fs/createDirectory", { path: uri("made"), recursive: true });
  for (const size of [0, 1, limits.fsHelperHandedBytes - 1, limits.fsHelperHandedBytes, 9_000_000]) {
    const content = Buffer.alloc(size, Buffer.from([0, 10, 200, 255, 13]));
    const dataBase64 = content.toString("base64");
    expect(await ask("fs/writeFile", { path: uri("made/large"), dataBase64 })).toEqual({});
    const read = Object(await ask("fs/readFile", { path: uri("made/large") }));
    expect(read["dataBase64"] === dataBase64).toBe(true);
  }
});

test("names that are not UTF-8 are served as they are", async () => {
  const path = `${uri("made")}/%FF%FE`;
  await ask("fs/createDirectory", { path, recursive: true });
  const inner = `${path}/caf%C3%A9`;
  expect(await ask("fs/writeFile", { path: inner, dataBase64: "aGVsbG8=" })).toEqual({});
  expect(await ask("fs/readFile", { path: inner })).toEqual({ dataBase64: "aGVsbG8=" });
  expect(await ask("fs/canonicalize", { path: inner })).toMatchObject({ path: expect.any(String) });
});

test("a file that is too large for an answer is refused in the same words as without a sandbox", async () => {
  writeFileSync(at("huge"), Buffer.alloc(13_000_000));
  const sandboxed = await ask("fs/readFile", { path: uri("huge") });
  expect(sandboxed).toBe((await connection.call("fs/readFile", { path: uri("huge") })) as string);
  expect(sandboxed).toContain("too large for one fs/readFile answer");
  rmSync(at("huge"));
});

test("a path of another machine is refused before any helper is asked", async () => {
  expect(await ask("fs/readFile", { path: "file://elsewhere/x" })).toBe(
    "-32600 'file://elsewhere/x' is invalid on 'linux'",
  );
});

test("a sandbox that names no place of this machine is refused as such", async () => {
  const foreign = sandboxOf(workspace.ws, {
    path: { type: "path", path: "file://elsewhere/x" },
    access: "read",
  });
  const answer = await connection.call("fs/readFile", { path: uri("a.txt"), sandbox: foreign });
  expect(answer).toContain("'file://elsewhere/x' is invalid on 'linux'");
});

test("a sandbox in the form of early 2026 holds as well", async () => {
  const legacy = (type: string) => ({ sandboxPolicy: { type }, sandboxPolicyCwd: `file://${workspace.ws}` });
  expect(await connection.write(at("made"), "x", legacy("read-only"))).toBe(readOnly);
  expect(await connection.write(at("made"), "x", legacy("workspace-write"))).toBe("ok");
  expect(await connection.write(`${workspace.out}/x`, "x", legacy("workspace-write"))).toBe(readOnly);
  expect(await connection.make(at(".git/hooks"), legacy("workspace-write"))).toBe(readOnly);
  expect(await connection.write(`${workspace.out}/x`, "x", legacy("danger-full-access"))).toBe("ok");
});
