import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { limits } from "../../../../core/limits.ts";
import { Workspace } from "../../../core/sandbox/plan/workspace.ts";
import { isAlive } from "../../../support/process-state.ts";
import {
  denied,
  denyGlob,
  onPath,
  rootRead,
  rootsRead,
  rootsWrite,
  type SandboxedScope,
  SandboxedServer,
  sandboxOf,
} from "./sandboxed-scope.ts";

const server = new SandboxedServer();
afterAll(() => server[Symbol.asyncDispose]());

let workspace: Workspace;
let connection: SandboxedScope;
let before: number;
const startedNow = () => server.started.length - before;
beforeEach(() => {
  workspace = new Workspace();
  connection = server.connect();
  before = server.started.length;
});
afterEach(() => {
  connection[Symbol.dispose]();
  workspace[Symbol.dispose]();
});
const at = (name: string) => `${workspace.ws}/${name}`;

describe("the helpers of a connection", () => {
  test("serve every request of the same profile with one helper, side by side too", async () => {
    const sandbox = sandboxOf(workspace.ws, rootsWrite);
    // Warm: a start that takes long is a reason for another helper.
    await connection.read(at("a.txt"), sandbox);
    const reads = await Promise.all(Array.from({ length: 20 }, () => connection.read(at("a.txt"), sandbox)));
    expect(new Set(reads)).toEqual(new Set(["ok:inside"]));
    expect(await connection.write(at("b.txt"), "x", sandbox)).toBe("ok");
    expect(startedNow()).toBe(1);
  });

  test("keep the order of what they are asked", async () => {
    const sandbox = sandboxOf(workspace.ws, rootsWrite);
    const answers = [];
    for (let round = 0; round < 20; round++) {
      answers.push(connection.write(at("b.txt"), `${round}`, sandbox), connection.read(at("b.txt"), sandbox));
    }
    const expected = Array.from({ length: 20 }, (_, round) => ["ok", `ok:${round}`]).flat();
    expect(await Promise.all(answers)).toEqual(expected);
  });

  test("are one for each profile, and no more than the limit", async () => {
    const profiles = Array.from({ length: limits.fsHelpersPerConnection + 2 }, (_, index) =>
      sandboxOf(workspace.ws, rootsRead, onPath(at(`later${index}`), "deny")),
    );
    for (const profile of profiles) expect(await connection.read(at("a.txt"), profile)).toBe("ok:inside");
    expect(startedNow()).toBe(profiles.length);
    const mine = server.started.slice(before);
    await Promise.all(mine.slice(0, 2).map((helper) => helper.treeGone));
    expect(mine.slice(2).every(({ pid }) => isAlive(pid))).toBe(true);
  });

  test("are never another connection's", async () => {
    using other = server.connect();
    const sandbox = sandboxOf(workspace.ws, rootsWrite);
    await connection.read(at("a.txt"), sandbox);
    await other.read(at("a.txt"), sandbox);
    await connection.read(at("a.txt"), sandbox);
    await other.read(at("a.txt"), sandbox);
    expect(startedNow()).toBe(2);
  });

  test("end with their connection", async () => {
    await connection.read(at("a.txt"), sandboxOf(workspace.ws, rootsWrite));
    connection[Symbol.dispose]();
    await server.started.at(-1)?.treeGone;
  });

  test("end after what they have begun: a large write is whole, and leaves nothing else", async () => {
    const content = Buffer.alloc(8_000_000, "x").toString("base64");
    const writing = connection.call("fs/writeFile", {
      path: `file://${at("large")}`,
      dataBase64: content,
      sandbox: sandboxOf(workspace.ws, rootsWrite),
    });
    connection[Symbol.dispose]();
    expect(await writing).toEqual({});
    await server.started.at(-1)?.treeGone;
    expect(readFileSync(at("large")).length).toBe(8_000_000);
    expect(readdirSync(workspace.ws).filter((name) => name.startsWith(".codex-env"))).toEqual([]);
  });

  test("end when they had nothing to do for a while", async () => {
    await connection.read(at("a.txt"), sandboxOf(workspace.ws, rootsWrite));
    const since = performance.now();
    await server.started.at(-1)?.treeGone;
    expect(performance.now() - since).toBeGreaterThan(limits.fsHelperIdleMs - 200);
    expect(await connection.read(at("a.txt"), sandboxOf(workspace.ws, rootsWrite))).toBe("ok:inside");
    expect(startedNow()).toBe(2);
  });

  test("leave nothing behind in the workspace, neither while they run nor after", async () => {
    const sandbox = sandboxOf(workspace.ws, rootRead, rootsWrite, onPath(at("later"), "deny"));
    await connection.read(at("a.txt"), sandbox);
    expect(readdirSync(workspace.ws).sort()).toEqual([".git", "a.txt", "priv", "sub", "top.env"]);
    connection[Symbol.dispose]();
    await server.started.at(-1)?.treeGone;
    expect(readdirSync(workspace.ws).sort()).toEqual([".git", "a.txt", "priv", "sub", "top.env"]);
  });

  test("are not needed where the profile does not restrict what is asked", async () => {
    const readOnly = sandboxOf(workspace.ws, rootRead);
    expect(await connection.read("/etc/hostname", readOnly)).toStartWith("ok:");
    const all = sandboxOf(workspace.ws, { ...rootRead, access: "write" });
    expect(await connection.write(at("b.txt"), "x", all)).toBe("ok");
    expect(startedNow()).toBe(0);
  });

  test("are not started for content that is no base64", async () => {
    const sandbox = sandboxOf(workspace.ws, rootsWrite);
    expect(
      await connection.call("fs/writeFile", { path: `file://${at("b")}`, dataBase64: "!", sandbox }),
    ).toBe("-32600 fs/writeFile requires valid base64 dataBase64: Invalid symbol 33, offset 0.");
    expect(startedNow()).toBe(0);
  });
});

describe("what changes while a helper is warm", () => {
  test("a denied file that is replaced is denied still, by a helper with a fresh view", async () => {
    const sandbox = sandboxOf(workspace.ws, rootsWrite, onPath(at("top.env"), "deny"));
    expect(await connection.read(at("top.env"), sandbox)).toBe(denied);
    writeFileSync(at("new.env"), "SECRET=3");
    renameSync(at("new.env"), at("top.env"));
    expect(await connection.read(at("top.env"), sandbox)).toBe(denied);
    expect(startedNow()).toBe(2);
  });

  test("a workspace that is replaced is seen as it is now", async () => {
    const sandbox = sandboxOf(workspace.ws, rootsWrite);
    expect(await connection.read(at("a.txt"), sandbox)).toBe("ok:inside");
    renameSync(workspace.ws, `${workspace.base}/old`);
    workspace.make("s/ws");
    workspace.write("s/ws/a.txt", "another");
    expect(await connection.read(at("a.txt"), sandbox)).toBe("ok:another");
  });

  test("a file that comes to match a deny glob is denied", async () => {
    const sandbox = sandboxOf(workspace.ws, rootsWrite, denyGlob(`${workspace.ws}/**/*.env`));
    expect(await connection.read(at("a.txt"), sandbox)).toBe("ok:inside");
    workspace.write("s/ws/sub/late.env", "SECRET=4");
    expect(await connection.read(at("sub/late.env"), sandbox)).toBe(denied);
    expect(await connection.write(at("sub/late.env"), "x", sandbox)).toBe(denied);
    expect(startedNow()).toBe(1);
  });

  test("a parent that is renamed takes no denied file out of the denial", async () => {
    const sandbox = sandboxOf(workspace.ws, rootsWrite, denyGlob(`${workspace.ws}/**/*.env`));
    expect(await connection.read(at("sub/deep/x.env"), sandbox)).toBe(denied);
    renameSync(at("sub"), at("moved"));
    expect(await connection.read(at("moved/deep/x.env"), sandbox)).toBe(denied);
  });

  test("a link that appears leads no further than its target may", async () => {
    const sandbox = sandboxOf(workspace.ws, rootsWrite, onPath(at("priv"), "deny"));
    expect(await connection.read(at("a.txt"), sandbox)).toBe("ok:inside");
    symlinkSync("priv/p.txt", at("way"));
    symlinkSync(workspace.out, at("out"));
    expect(await connection.read(at("way"), sandbox)).toBe(denied);
    expect(await connection.read(at("out/o.txt"), sandbox)).toBe(
      "-32004 No such file or directory (os error 2)",
    );
  });

  test("a protected name that is removed cannot be made anew", async () => {
    const sandbox = sandboxOf(workspace.ws, rootRead, rootsWrite);
    expect(await connection.write(at(".git/config"), "x", sandbox)).toStartWith("-32603 Read-only");
    rmSync(at(".git"), { recursive: true });
    expect(await connection.make(at(".git/hooks"), sandbox)).toStartWith("-32603 Read-only");
    expect(existsSync(at(".git"))).toBe(false);
  });
});

describe("a denied file with a second name", () => {
  test("is denied under it, whether a path or a glob denies it", async () => {
    linkSync(at("priv/p.txt"), at("one"));
    linkSync(at("sub/deep/x.env"), at("two"));
    linkSync(at("a.txt"), at("three"));
    const deniesPath = sandboxOf(workspace.ws, rootsWrite, onPath(at("priv"), "deny"));
    const deniesGlob = sandboxOf(workspace.ws, rootsWrite, denyGlob("**/*.env"));
    expect(await connection.read(at("one"), deniesPath)).toBe(denied);
    expect(await connection.read(at("two"), deniesPath)).toBe("ok:SECRET=1");
    expect(await connection.read(at("one"), deniesGlob)).toBe("ok:private");
    expect(await connection.read(at("two"), deniesGlob)).toBe(denied);
    expect(await connection.read(at("three"), deniesGlob)).toBe("ok:inside");
    expect(startedNow()).toBe(2);
  });

  test("is denied under a name that it got after the names were looked at", async () => {
    linkSync(at("a.txt"), at("second"));
    const sandbox = sandboxOf(workspace.ws, rootsWrite, onPath(at("priv"), "deny"), denyGlob("**/*.env"));
    expect(await connection.read(at("second"), sandbox)).toBe("ok:inside");
    linkSync(at("priv/p.txt"), at("late"));
    linkSync(at("top.env"), at("later"));
    expect(await connection.read(at("late"), sandbox)).toBe(denied);
    expect(await connection.read(at("later"), sandbox)).toBe(denied);
    expect(await connection.read(at("second"), sandbox)).toBe("ok:inside");
    expect(startedNow()).toBe(1);
  });
});

describe("a name that is not UTF-8", () => {
  test("is denied by a glob, whatever letters are around it, and granted by what grants its directory", async () => {
    const odd = (end: string) =>
      Buffer.concat([Buffer.from(at("josé/")), Buffer.from([0xff]), Buffer.from(end)]);
    mkdirSync(at("josé"));
    for (const end of [".env", ".clé", ".txt"]) writeFileSync(odd(end), "odd");
    const uri = (end: string) => `${encodeURI(at("josé/"))}%FF${encodeURI(end)}`;
    const sandbox = sandboxOf(workspace.ws, rootsWrite, denyGlob("josé/*.env"), denyGlob("**/*.clé"));
    expect(await connection.read(uri(".env"), sandbox)).toBe(denied);
    expect(await connection.read(uri(".clé"), sandbox)).toBe(denied);
    expect(await connection.read(uri(".txt"), sandbox)).toBe("ok:odd");
  });
});
