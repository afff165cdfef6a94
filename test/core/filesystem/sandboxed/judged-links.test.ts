import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { existsSync, linkSync, readFileSync, symlinkSync } from "node:fs";
import { Workspace } from "../../../core/sandbox/plan/workspace.ts";
import { judgedOver, said, text } from "./judged-fixture.ts";
import { absent, denied, type Entry, onPath, readOnly, rootRead, rootsWrite } from "./sandboxed-scope.ts";

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace[Symbol.dispose]());
const at = (name: string) => `${workspace.ws}/${name}`;
const judged = (...entries: readonly Entry[]) => judgedOver(workspace.ws, entries);

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
