import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { limits } from "../../../../core/limits.ts";
import { detectMechanism } from "../../../../core/sandbox/host/detect-mechanism.ts";
import { Workspace } from "../../../core/sandbox/plan/workspace.ts";
import { treeOf } from "../../../support/process-tree.ts";
import {
  absent,
  denied,
  denyGlob,
  type Entry,
  onPath,
  rootRead,
  rootsRead,
  rootsWrite,
  SandboxedServer,
  sandboxOf,
} from "./sandboxed-scope.ts";

const server = new SandboxedServer();
afterAll(() => server[Symbol.asyncDispose]());
const namespaces = (await detectMechanism()).kind === "bubblewrap";
if (!namespaces)
  console.warn("first answers are not tested: this machine has no namespaces, and so none of them");

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace[Symbol.dispose]());
const at = (name: string) => `${workspace.ws}/${name}`;

interface First {
  /** What came of the first request of a connection. */
  readonly said: string;
  /** The words that the helper was started with, once it has answered a second one. */
  readonly helper: readonly string[];
}

async function first(path: string, ...entries: readonly Entry[]): Promise<First> {
  using connection = server.connect();
  const sandbox = sandboxOf(workspace.ws, ...entries);
  const said = await connection.read(path, sandbox);
  const again = await connection.read(path, sandbox);
  expect(again).toBe(said);
  return { said, helper: helperWords(server.started.at(-1)?.pid ?? 0) };
}

function helperWords(root: number): readonly string[] {
  const commands = treeOf(root).map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0"));
  return commands.find(([name]) => name === "codex-fs")?.filter((word) => word !== "") ?? [];
}

const byHelper = ["codex-fs"];
const beforeIt = (path: string) => ["codex-fs", "answered", path];

describe.if(namespaces)("the first request of a connection", () => {
  test("for a plain file that the profile opens is answered before the helper is there", async () => {
    const path = at("sub/deep/x.env");
    const { said, helper } = await first(path, rootsRead);
    expect(said).toBe("ok:SECRET=1");
    expect(helper).toEqual(beforeIt(path));
  });

  test("is answered with every byte of the file, whatever its length", async () => {
    for (const size of [1, 2, 3, 4, 5, 1_000, 65_534, limits.fsHelperHandedBytes - 1]) {
      const path = workspace.write(`s/ws/${size}`);
      const content = crypto.getRandomValues(new Uint8Array(size));
      await Bun.write(path, content);
      using connection = server.connect();
      const sandbox = sandboxOf(workspace.ws, rootsRead);
      expect(await connection.call("fs/readFile", { path: `file://${path}`, sandbox })).toEqual({
        dataBase64: Buffer.from(content).toString("base64"),
      });
      expect(await connection.read(at("a.txt"), sandbox)).toBe("ok:inside");
      expect(helperWords(server.started.at(-1)?.pid ?? 0)).toEqual(beforeIt(path));
    }
  });

  test("is the helper's where a link is on the way, a file has another name, or is none", async () => {
    symlinkSync("a.txt", at("link"));
    symlinkSync("sub", at("way"));
    linkSync(at("a.txt"), at("second"));
    execFileSync("mkfifo", [at("fifo")]);
    workspace.write("s/ws/empty");
    workspace.write("s/ws/large", "x".repeat(limits.fsHelperHandedBytes));
    const cases: readonly (readonly [string, string])[] = [
      ["link", "ok:inside"],
      ["way/deep/x.env", "ok:SECRET=1"],
      ["sub/../a.txt", "ok:inside"],
      ["second", "ok:inside"],
      ["fifo", `-32600 path \`${at("fifo")}\` is not a file`],
      ["sub", `-32600 path \`${at("sub")}\` is not a file`],
      ["empty", "ok:"],
      ["large", `ok:${"x".repeat(limits.fsHelperHandedBytes)}`],
      ["none", absent],
      ["a.txt/below", "-32603 Not a directory (os error 20)"],
    ];
    for (const [name, said] of cases) {
      const answer = await first(at(name), rootsWrite);
      expect([name, answer.said]).toEqual([name, said]);
      expect([name, answer.helper]).toEqual([name, name === "sub/../a.txt" ? expect.anything() : byHelper]);
    }
  });

  test("is the helper's where the profile denies or hides the file, or the directory that it is in", async () => {
    const denying = [rootRead, onPath(at("priv"), "deny"), denyGlob(`${workspace.ws}/**/*.env`)];
    expect(await first(at("priv/p.txt"), ...denying)).toEqual({ said: denied, helper: byHelper });
    expect(await first(at("sub/deep/x.env"), ...denying)).toEqual({ said: denied, helper: byHelper });
    expect(await first(`${workspace.out}/o.txt`, rootsRead)).toEqual({ said: absent, helper: byHelper });
    const open = await first(at("a.txt"), ...denying);
    expect(open).toEqual({ said: "ok:inside", helper: beforeIt(at("a.txt")) });
  });

  test("is the helper's for what the kernel tells of who asks", async () => {
    const { said, helper } = await first("/proc/self/comm", rootRead, onPath(at("priv"), "deny"));
    expect(said).toStartWith("ok:");
    expect(helper).toEqual(byHelper);
  });

  test("for something else than a file is the helper's", async () => {
    using connection = server.connect();
    const sandbox = sandboxOf(workspace.ws, rootsWrite);
    expect(await connection.write(at("new"), "x", sandbox)).toBe("ok");
    expect(helperWords(server.started.at(-1)?.pid ?? 0)).toEqual(byHelper);
  });

  test("leaves the order of those that come with it as it is", async () => {
    using connection = server.connect();
    const sandbox = sandboxOf(workspace.ws, rootsWrite);
    mkdirSync(at("d"));
    const answers = await Promise.all([
      connection.read(at("a.txt"), sandbox),
      connection.write(at("a.txt"), "later", sandbox),
      connection.read(at("a.txt"), sandbox),
      connection.write(at("d/n"), "x", sandbox),
      connection.read(at("d/n"), sandbox),
    ]);
    expect(answers).toEqual(["ok:inside", "ok", "ok:later", "ok", "ok:x"]);
  });
});
