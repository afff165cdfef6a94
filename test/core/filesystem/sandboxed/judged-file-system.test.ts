import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import type { FileSystem } from "../../../../core/filesystem/file-system.ts";
import { Judge } from "../../../../core/filesystem/sandboxed/judge.ts";
import { JudgedFileSystem } from "../../../../core/filesystem/sandboxed/judged-file-system.ts";
import { decodeParams } from "../../../../core/protocol/methods.ts";
import { RpcError } from "../../../../core/protocol/rpc-error.ts";
import { planSandbox } from "../../../../core/sandbox/plan/plan-sandbox.ts";
import { resolvePolicy } from "../../../../core/sandbox/policy/resolve-policy.ts";
import { sandboxFacts } from "../../../../core/server/sandbox-facts.ts";
import { Workspace } from "../../../core/sandbox/plan/workspace.ts";
import {
  absent,
  denied,
  denyGlob,
  type Entry,
  onPath,
  readOnly,
  rootRead,
  rootsRead,
  rootsWrite,
  sandboxOf,
} from "./sandboxed-scope.ts";

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace[Symbol.dispose]());
const at = (name: string) => `${workspace.ws}/${name}`;

/** The judge alone, without masks below it: what it lets through is let through. */
function judged(...entries: readonly Entry[]): FileSystem {
  const params = { path: "file:///", sandbox: sandboxOf(workspace.ws, ...entries) };
  // Sound: decodeParams checks what the test wrote, which is plain JSON.
  const { sandbox } = decodeParams("fs/readFile", params as Parameters<typeof decodeParams>[1]);
  if (sandbox === null) throw new Error("no sandbox");
  const policy = resolvePolicy(sandbox, null);
  if (policy.kind !== "managed") throw new Error("nothing is restricted");
  const judge = new Judge(planSandbox(policy, sandboxFacts(undefined, "/root"), "judgement"));
  // Nothing here has a second name outside of what is tested.
  judge.learnDenied(new Set());
  return new JudgedFileSystem(judge);
}

async function said(operation: () => unknown): Promise<string> {
  try {
    const answer = await operation();
    return answer instanceof Uint8Array ? Buffer.from(answer).toString() : "ok";
  } catch (cause) {
    if (cause instanceof RpcError) return `${cause.code} ${cause.message}`;
    throw cause;
  }
}

const text = (content: string) => Buffer.from(content);

describe("links", () => {
  test("are followed to where their target is judged, however they are written", async () => {
    const files = judged(rootsWrite, onPath(at("priv"), "deny"));
    symlinkSync("../ws/sub/../a.txt", at("winding"));
    symlinkSync(at("a.txt"), at("absolute"));
    symlinkSync("priv/p.txt", at("denied"));
    symlinkSync("sub/../priv/../priv/p.txt", at("denied-by-turns"));
    symlinkSync(`${workspace.out}/o.txt`, at("outside"));
    symlinkSync("/proc/self/cwd", at("magic"));
    expect(await said(() => files.readFile(at("winding")))).toBe("inside");
    expect(await said(() => files.readFile(at("absolute")))).toBe("inside");
    expect(await said(() => files.readFile(at("denied")))).toBe(denied);
    expect(await said(() => files.readFile(at("denied-by-turns")))).toBe(denied);
    expect(await said(() => files.readFile(at("outside")))).toBe(absent);
    expect(await said(() => files.readDirectory(at("magic")))).toBe(absent);
    expect(await files.canonicalize(at("winding"))).toBe(at("a.txt"));
  });

  test("that go round are a loop", async () => {
    symlinkSync("two", at("one"));
    symlinkSync("one", at("two"));
    const loop = "-32603 Symbolic link loop (os error 40)";
    const files = judged(rootsWrite);
    expect(await said(() => files.readFile(at("one")))).toBe(loop);
    expect(await said(() => files.writeFile(at("one"), text("x")))).toBe(loop);
    expect(await said(() => files.readFile(at("one/x")))).toBe(loop);
  });

  test("out of a denied directory are not even read", async () => {
    symlinkSync("../a.txt", at("priv/way"));
    const files = judged(rootsWrite, onPath(at("priv"), "deny"));
    expect(await said(() => files.readFile(at("priv/way")))).toBe(denied);
    expect(await said(() => files.getMetadata(at("priv/way")))).toBe(denied);
  });

  test("that dangle are written through only where their target may be written", async () => {
    symlinkSync("sub/new", at("in"));
    symlinkSync(`${workspace.out}/new`, at("out"));
    const files = judged(rootRead, rootsWrite);
    expect(await said(() => files.writeFile(at("in"), text("x")))).toBe("ok");
    expect(readFileSync(at("sub/new"), "utf8")).toBe("x");
    expect(await said(() => files.writeFile(at("out"), text("x")))).toBe(readOnly);
    expect(await said(() => files.open(at("out"), "replace"))).toBe(readOnly);
    expect(existsSync(`${workspace.out}/new`)).toBe(false);
  });

  test("in the way of a request that follows none are refused", async () => {
    symlinkSync("sub", at("way"));
    symlinkSync("a.txt", at("last"));
    const files = judged(rootsWrite);
    const none = { followSymlinks: false } as const;
    expect(await said(() => files.readFile(at("way/deep/x.env"), none))).toBe(
      "-32603 Not a directory (os error 20)",
    );
    expect(await said(() => files.readFile(at("last"), none))).toBe(
      "-32603 Symbolic link loop (os error 40)",
    );
    expect(await said(() => files.writeFile(at("last"), text("x"), none))).toBe(
      "-32603 Symbolic link loop (os error 40)",
    );
    expect(await said(() => files.getMetadata(at("last"), none))).toBe(
      "-32600 path contains a symbolic link",
    );
  });
});

describe("writing", () => {
  test("a file with two names changes the one that was named", async () => {
    linkSync(`${workspace.out}/o.txt`, at("twin"));
    const files = judged(rootRead, rootsWrite);
    expect(await said(() => files.writeFile(at("twin"), text("mine")))).toBe("ok");
    expect(readFileSync(at("twin"), "utf8")).toBe("mine");
    expect(readFileSync(`${workspace.out}/o.txt`, "utf8")).toBe("outside");
  });

  test("blocks of, and copying over, a file with two names changes the one that was named", async () => {
    linkSync(`${workspace.out}/o.txt`, at("one"));
    linkSync(`${workspace.out}/o.txt`, at("two"));
    const files = judged(rootRead, rootsWrite);
    const file = await files.open(at("one"), "replace");
    await file.write(0, text("mine"));
    await file.close();
    await files.copy(at("a.txt"), at("two"), { recursive: false });
    expect(readFileSync(at("one"), "utf8")).toBe("mine");
    expect(readFileSync(at("two"), "utf8")).toBe("inside");
    expect(readFileSync(`${workspace.out}/o.txt`, "utf8")).toBe("outside");
  });

  test("to a FIFO is refused at once, and so is reading one", async () => {
    expect(spawnSync("mkfifo", [at("fifo")]).status).toBe(0);
    const files = judged(rootsWrite);
    const notAFile = `-32600 path \`${at("fifo")}\` is not a file`;
    expect(await said(() => files.writeFile(at("fifo"), text("x")))).toBe(notAFile);
    expect(await said(() => files.readFile(at("fifo")))).toBe(notAFile);
    expect(await said(() => files.open(at("fifo"), "read"))).toBe(notAFile);
    expect(await said(() => files.open(at("fifo"), "replace"))).toBe(notAFile);
    expect(await said(() => files.copy(at("fifo"), at("x"), { recursive: false }))).toBe(
      "-32600 fs/copy only supports regular files, directories, and symlinks",
    );
  });

  test("where a helper has a kernel's tree of its own is refused: it would vanish", async () => {
    const files = judged({ ...rootRead, access: "write" }, onPath(at("priv"), "deny"));
    for (const place of ["/dev/new", "/proc/self/comm", "/sys/new", "/proc/sys/kernel/core_pattern"]) {
      expect(await said(() => files.writeFile(place, text("x")))).toBe(readOnly);
    }
    const readable = judged(rootRead, rootsWrite);
    expect(await said(() => readable.writeFile("/dev/shm/new", text("x")))).toBe(readOnly);
  });
});

describe("making directories", () => {
  test("makes nothing when one of them may not be made", async () => {
    const files = judged(rootRead, rootsWrite, onPath(at("one/two/three"), "deny"));
    expect(await said(() => files.createDirectory(at("one/two/three/four")))).toBe(readOnly);
    expect(existsSync(at("one"))).toBe(false);
    expect(await said(() => files.createDirectory(at("one/two/other")))).toBe("ok");
    expect(await said(() => files.createDirectory(`${workspace.out}/new`))).toBe(readOnly);
    expect(await said(() => files.createDirectory(at(".codex")))).toBe(readOnly);
    expect(await said(() => files.createDirectory(at("a.txt/x")))).toBe(
      "-32603 Not a directory (os error 20)",
    );
  });

  test("is content with one that is there, and may be seen", async () => {
    expect(await said(() => judged(rootRead).createDirectory(at("sub/deep")))).toBe("ok");
    expect(await said(() => judged(rootsRead).createDirectory(workspace.out))).toBe(absent);
    expect(await said(() => judged(rootsRead).createDirectory(at("sub"), { recursive: false }))).toBe(
      "-32603 File exists (os error 17)",
    );
  });
});

describe("removing", () => {
  test("a directory with something denied below it removes nothing", async () => {
    const byPath = judged(rootsWrite, onPath(at("sub/deep"), "deny"));
    expect(await said(() => byPath.remove(at("sub")))).toBe(denied);
    const byGlob = judged(rootsWrite, denyGlob("**/*.env"));
    writeFileSync(at("sub/first"), "");
    expect(await said(() => byGlob.remove(at("sub")))).toBe(denied);
    const protectedName = judged(rootRead, onPath(workspace.base, "write"), onPath(at("sub"), "read"));
    expect(await said(() => protectedName.remove(workspace.ws))).toBe(readOnly);
    expect(existsSync(at("sub/first")) && existsSync(at("sub/deep/x.env"))).toBe(true);
  });

  test("takes a tree with links away, and nothing that they lead to", async () => {
    symlinkSync(workspace.out, at("sub/link"));
    const files = judged(rootsWrite);
    expect(await said(() => files.remove(at("sub")))).toBe("ok");
    expect(existsSync(at("sub"))).toBe(false);
    expect(existsSync(`${workspace.out}/o.txt`)).toBe(true);
  });

  test("what is hidden is as removing nothing", async () => {
    const files = judged(rootsWrite);
    expect(await said(() => files.remove(`${workspace.out}/o.txt`))).toBe("ok");
    expect(await said(() => files.remove(`${workspace.out}/o.txt`, { force: false }))).toBe(absent);
    expect(existsSync(`${workspace.out}/o.txt`)).toBe(true);
  });
});

describe("listing", () => {
  const names = async (files: FileSystem, path: string) =>
    (await files.readDirectory(path)).map(({ fileName }) => fileName).sort();

  test("shows the names of what is denied, and refuses its inside", async () => {
    const files = judged(rootsRead, onPath(at("priv"), "deny"), denyGlob("**/*.env"));
    expect(await names(files, workspace.ws)).toEqual([".git", "a.txt", "priv", "sub", "top.env"]);
    expect(await said(() => files.readDirectory(at("priv")))).toBe(denied);
  });

  test("shows of a directory on the way to a grant only that way", async () => {
    const files = judged(onPath(at("sub/deep"), "read"));
    expect(await names(files, workspace.ws)).toEqual(["sub"]);
    expect(await names(files, at("sub"))).toEqual(["deep"]);
    expect(await said(() => files.readFile(at("a.txt")))).toBe(absent);
    expect(await said(() => files.writeFile(at("new"), text("x")))).toBe(readOnly);
    expect((await files.getMetadata(workspace.ws)).isDirectory).toBe(true);
  });

  test("leaves out links to what is hidden, as if they dangled", async () => {
    symlinkSync(workspace.out, at("out"));
    symlinkSync("sub", at("in"));
    expect(await names(judged(rootsRead), workspace.ws)).toEqual([
      ".git",
      "a.txt",
      "in",
      "priv",
      "sub",
      "top.env",
    ]);
  });

  test("a walk tells of a denied directory that it may not be read", async () => {
    const files = judged(rootsRead, onPath(at("priv"), "deny"));
    const walked = await files.walk(workspace.ws, {
      maxDepth: 8,
      maxDirectories: 100,
      maxEntries: 100,
      followDirectorySymlinks: false,
      pruneHiddenDirectories: true,
    });
    expect(walked.errors).toEqual([{ path: at("priv"), message: "Permission denied (os error 13)" }]);
    expect(walked.entries.map(({ path }) => path)).toContain(at("sub/deep/x.env"));
    expect(walked.entries.map(({ path }) => path)).not.toContain(at("priv/p.txt"));
  });
});

describe("copying", () => {
  test("judges both sides, entry by entry", async () => {
    const files = judged(rootRead, rootsWrite, onPath(at("sub/deep"), "deny"));
    expect(await said(() => files.copy(at("a.txt"), `${workspace.out}/a`, { recursive: false }))).toBe(
      readOnly,
    );
    expect(await said(() => files.copy(`${workspace.out}/o.txt`, at("o"), { recursive: false }))).toBe("ok");
    expect(await said(() => files.copy(at("sub"), at("copy"), { recursive: true }))).toBe(denied);
    expect(existsSync(at("copy/deep/x.env"))).toBe(false);
  });

  test("a tree makes nothing where a protected name would come to stand", async () => {
    mkdirSync(at("from/.codex"), { recursive: true });
    const files = judged(rootRead, rootsWrite);
    expect(await said(() => files.copy(at("from"), workspace.ws, { recursive: true }))).toStartWith("-3260");
    expect(lstatSync(at(".codex"), { throwIfNoEntry: false })).toBeUndefined();
  });

  test("a file keeps its mode, a link its text", async () => {
    writeFileSync(at("program"), "#!", { mode: 0o751 });
    symlinkSync("nowhere", at("link"));
    const files = judged(rootsWrite);
    await files.copy(at("program"), at("program2"), { recursive: false });
    await files.copy(at("link"), at("link2"), { recursive: false });
    expect(lstatSync(at("program2")).mode & 0o777).toBe(0o751);
    expect(lstatSync(at("link2")).isSymbolicLink()).toBe(true);
  });
});
