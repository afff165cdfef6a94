import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { detectMechanism } from "../../../../core/sandbox/host/detect-mechanism.ts";
import { until } from "../../../support/wait.ts";
import type { HeldClient } from "../../server/held-server.ts";
import { realServer, shell } from "../../server/real-server.ts";

const mechanism = await detectMechanism();
const holds = mechanism.kind === "bubblewrap";
if (mechanism.kind !== "bubblewrap") console.log(`skipped: no bubblewrap here: ${mechanism.reason}`);

const base = realpathSync(mkdtempSync("/var/tmp/sandboxed-start-"));
const workspace = join(base, "ws");
mkdirSync(workspace);

let server: Awaited<ReturnType<typeof realServer>>;
let client: HeldClient;
beforeAll(async () => {
  server = await realServer();
  client = await server.client();
});
afterAll(async () => {
  await server.server.shutdown();
  rmSync(base, { recursive: true });
});

type Entry = { readonly path: object; readonly access: string };

const special = (kind: string, access: string, subpath?: string): Entry => ({
  path: { type: "special", value: { kind, ...(subpath === undefined ? {} : { subpath }) } },
  access,
});
const workspaceWrite = [special("root", "read"), special("project_roots", "write")];
const uri = (path: string) => `file://${path}`;

function managed(entries: readonly Entry[], network = "restricted") {
  return profile({ type: "managed", file_system: { type: "restricted", entries }, network });
}

function profile(permissions: object) {
  return { permissions, workspaceRoots: [uri(workspace)], windowsSandboxLevel: "disabled" };
}

const disabled = profile({ type: "disabled" });

let started = 0;
function start(script: string, more: object = {}) {
  const processId = `p${started++}`;
  const params = { processId, cwd: uri(workspace), env: { PATH: "/usr/bin:/bin" }, tty: false, arg0: null };
  return { processId, reply: client.call("process/start", { ...params, ...shell(script), ...more }) };
}

/** Runs a script to its end: what it said, how it ended, and what was told of a denial in both ways. */
async function run(script: string, more: object = {}) {
  const { processId, reply } = start(script, more);
  const { result, error } = await reply;
  if (error !== undefined) throw new Error(error.message);
  const told = (method: string) =>
    client.inbound.find((message) => message.method === method && message.params?.processId === processId);
  expect(await until(() => told("process/closed") !== undefined, 10_000)).toBe(true);
  const out = client.inbound
    .filter((message) => message.method === "process/output" && message.params?.processId === processId)
    .map((message) => atob(message.params?.chunk ?? ""))
    .join("");
  const read = await client.request("process/read", { processId, afterSeq: 1_000_000 });
  const exited = told("process/exited")?.params;
  expect(exited?.sandboxDenied).toBe(read.sandboxDenied);
  return { result, out, exitCode: read.exitCode, sandboxDenied: read.sandboxDenied };
}

const phrases: readonly (readonly [text: string, denied: boolean])[] = [
  ["operation not permitted", true],
  ["permission denied", true],
  ["read-only file system", true],
  ["seccomp", true],
  ["sandbox", true],
  ["landlock", true],
  ["failed to write file", true],
  ["access is denied", false],
  ["access denied", false],
  ["not permitted", false],
  ["EPERM", false],
  ["EACCES", false],
  ["Operation Not Permitted", true],
  ["read only file system", false],
  ["no such file or directory", false],
  ["bwrap", false],
  ["bad system call", false],
  ["network is unreachable", false],
  ["could not resolve host", false],
  ["connection refused", false],
];

const endings: readonly (readonly [name: string, script: string, exitCode: number, denied: boolean])[] = [
  ["on stderr", "echo permission denied >&2; exit 1", 1, true],
  ...[0, 1, 2, 3, 126, 127, 128, 137, 159, 255].map(
    (code) => [`with exit ${code}`, `echo permission denied; exit ${code}`, code, code !== 0] as const,
  ),
  ...[2, 126, 127, 159].map((code) => [`none, exit ${code}`, `exit ${code}`, code, code === 159] as const),
  [
    "split over streams",
    "printf 'permission '; sleep 0.05; printf 'denied' >&2; sleep 0.05; exit 1",
    1,
    true,
  ],
  ["split in time", "printf 'permission '; sleep 0.05; printf 'denied'; exit 1", 1, true],
  ["then 100 KiB", "echo permission denied; head -c 102400 /dev/zero; exit 1", 1, true],
  ["then 1000 KiB", "echo permission denied; head -c 1024000 /dev/zero; exit 1", 1, true],
  ["then 1100 KiB", "echo permission denied; head -c 1126400 /dev/zero; exit 1", 1, false],
  ["after 1100 KiB", "head -c 1126400 /dev/zero; echo permission denied; exit 1", 1, true],
  ["and a death by SIGKILL", "echo permission denied; kill -9 $$", 137, true],
];

describe.each([
  ["a profile that is disabled", () => disabled, true],
  ["a real sandbox", () => managed(workspaceWrite), holds],
] as const)("sandboxDenied with %s", (_name, sandbox, possible) => {
  test.skipIf(!possible).each(phrases.map(([text, denied]) => [text, denied] as const))(
    "for an exit 1 after %j is %p",
    async (text, denied) => {
      const ended = await run(`echo ${text}; exit 1`, { sandbox: sandbox() });
      expect(ended).toMatchObject({ exitCode: 1, sandboxDenied: denied });
    },
  );

  test.skipIf(!possible).each(endings)("for the words %s", async (_name, script, exitCode, denied) => {
    expect(await run(script, { sandbox: sandbox() })).toMatchObject({ exitCode, sandboxDenied: denied });
  });

  test.skipIf(!possible)("for words on a terminal is true", async () => {
    const ended = await run("echo permission denied; exit 1", { sandbox: sandbox(), tty: true });
    expect(ended).toMatchObject({ exitCode: 1, sandboxDenied: true });
  });
});

describe("sandboxDenied", () => {
  test("is false without a sandbox, whatever is said", async () => {
    expect(await run("echo permission denied; exit 1")).toMatchObject({ exitCode: 1, sandboxDenied: false });
    expect(await run("exit 159")).toMatchObject({ exitCode: 159, sandboxDenied: false });
  });

  test.skipIf(!holds)("is true for a real denial", async () => {
    const ended = await run("echo x > /usr/x", { sandbox: managed(workspaceWrite) });
    expect(ended).toMatchObject({ sandboxDenied: true });
    expect(existsSync("/usr/x")).toBe(false);
  });
});

describe("process/start with a sandbox", () => {
  test("that restricts nothing starts the command as it is, and says so", async () => {
    const open = managed([special("root", "write")], "enabled");
    for (const sandbox of [disabled, profile({ type: "external", network: "enabled" }), open]) {
      const { result, out } = await run("grep Seccomp: /proc/self/status", { sandbox });
      expect(result).toMatchObject({ sandboxType: "linuxSeccomp", sandboxMechanism: "none" });
      expect(out).toBe("Seccomp:\t0\n");
    }
  });

  test("that is none says nothing of it", async () => {
    expect((await run("true")).result).toEqual({
      processId: expect.any(String),
      sandboxType: "none",
    } as unknown as typeof undefined);
  });

  test("of somebody else's making restricts the network by a filter alone", async () => {
    const sandbox = profile({ type: "external", network: "restricted" });
    const { result, out } = await run("grep Seccomp: /proc/self/status; echo x > ../beside; cat ../beside", {
      sandbox,
    });
    expect(result).toMatchObject({ sandboxType: "linuxSeccomp", sandboxMechanism: "seccomp" });
    expect(out).toBe("Seccomp:\t2\nx\n");
    rmSync(join(base, "beside"));
  });

  test.skipIf(!holds)(
    "holds the command to its profile, with its cwd as the base of what is relative",
    async () => {
      const entries = [
        ...workspaceWrite,
        { path: { type: "glob_pattern", pattern: "*.env" }, access: "deny" },
      ];
      await Bun.write(join(workspace, "a.env"), "SECRET");
      const { result, out } = await run("cat a.env; echo x > b; cat b; echo x > ../c; ls ..; rm b", {
        sandbox: managed(entries),
      });
      expect(result).toMatchObject({ sandboxType: "linuxSeccomp", sandboxMechanism: "bubblewrap" });
      expect(out).not.toContain("SECRET");
      expect(out).toContain("x\n");
      expect(readdirSync(base)).toEqual(["ws"]);
      rmSync(join(workspace, "a.env"));
    },
  );

  test.skipIf(!holds)("takes :tmpdir from the environment of the request", async () => {
    const temporary = join(base, "tmp");
    mkdirSync(temporary);
    const sandbox = managed([special("root", "read"), special("tmpdir", "write")]);
    const env = { PATH: "/usr/bin:/bin", TMPDIR: temporary };
    expect(await run("echo x > $TMPDIR/x && cat $TMPDIR/x", { sandbox, env })).toMatchObject({
      out: "x\n",
      exitCode: 0,
    });
    expect((await run(`echo x > ${temporary}/y`, { sandbox })).exitCode).not.toBe(0);
    rmSync(temporary, { recursive: true });
  });

  test.skipIf(!holds)("refuses a program that is missing as a start without one does", async () => {
    const sandbox = managed(workspaceWrite);
    const bare = await start("", { argv: ["no-such-program"] }).reply;
    expect((await start("", { argv: ["no-such-program"], sandbox }).reply).error).toEqual(bare.error);
    const terminal = { argv: ["no-such-program"], tty: true };
    const bareTerminal = await start("", terminal).reply;
    expect((await start("", { ...terminal, sandbox }).reply).error).toEqual(bareTerminal.error);
    const nowhere = { cwd: "file:///no/where" };
    expect((await start("true", { ...nowhere, sandbox }).reply).error).toEqual(
      (await start("true", nowhere).reply).error,
    );
  });

  test.skipIf(!holds)("that cannot be held is refused in one sentence, and frees the id", async () => {
    symlinkSync("/etc", join(workspace, ".git"));
    const { processId, reply } = start("true", { sandbox: managed(workspaceWrite) });
    const { error } = await reply;
    rmSync(join(workspace, ".git"));
    expect(error?.code).toBe(-32603);
    expect(error?.message).toStartWith("failed to prepare process sandbox: ");
    expect(error?.message).toContain(join(workspace, ".git"));
    expect((await start("true", { processId }).reply).error).toBeUndefined();
  });

  test("whose network nobody here enforces is refused", async () => {
    for (const sandbox of [null, disabled, managed(workspaceWrite)]) {
      const { error } = await start("true", { sandbox, enforceManagedNetwork: true }).reply;
      expect(error).toMatchObject({ code: -32600 });
      expect(error?.message).toContain("managed network");
    }
  });

  test.skipIf(!holds)("answers what is asked of the process while it starts, after its start", async () => {
    const { processId, reply } = start("read line; echo got $line", {
      sandbox: managed(workspaceWrite),
      pipeStdin: true,
    });
    const written = client.request("process/write", { processId, writeId: "1", chunk: btoa("it\n") });
    await reply;
    expect((await written).status).toBe("accepted");
    const output = () =>
      client.inbound.some(
        (m) => m.params?.processId === processId && atob(m.params?.chunk ?? "") === "got it\n",
      );
    expect(await until(output, 5000)).toBe(true);
  });

  test.skipIf(!holds)("ends by process/terminate with the code of the kill", async () => {
    const { processId, reply } = start("sleep 1000", { sandbox: managed(workspaceWrite) });
    await reply;
    expect(await client.request("process/terminate", { processId })).toMatchObject({ running: true });
    const exited = () =>
      client.inbound.find((m) => m.method === "process/exited" && m.params?.processId === processId);
    expect(await until(() => exited() !== undefined, 5000)).toBe(true);
    expect(exited()?.params).toMatchObject({ exitCode: 137, sandboxDenied: false });
  });
});

describe.skipIf(!holds)("the command line of a client of 0.131.0", () => {
  const permissionProfile = {
    type: "managed",
    file_system: {
      type: "restricted",
      entries: [special("root", "read"), special("current_working_directory", "write")],
    },
    network: "restricted",
  };
  const wrapped = (script: string) => [
    "/somewhere/else/codex-linux-sandbox",
    ...["--sandbox-policy-cwd", workspace, "--command-cwd", workspace],
    ...["--permission-profile", JSON.stringify(permissionProfile), "--", "/bin/sh", "-c", script],
  ];

  test("runs what it wraps, sandboxed as it says", async () => {
    const { result, out } = await run("", {
      argv: wrapped("pwd; echo x > f && cat f; rm f; echo x > ../g"),
      cwd: "file:///",
    });
    expect(result).toMatchObject({ sandboxType: "linuxSeccomp", sandboxMechanism: "bubblewrap" });
    expect(out).toContain(`${workspace}\nx\n`);
    expect(readdirSync(base)).toEqual(["ws"]);
  });

  test("that cannot be read is refused and never run as it stands", async () => {
    const { error } = await start("", { argv: ["codex-linux-sandbox", "--", "/bin/true"] }).reply;
    expect(error).toMatchObject({ code: -32602 });
  });

  test("beside a sandbox of its own is refused", async () => {
    for (const sandbox of [managed(workspaceWrite), profile({ type: "external", network: "restricted" })]) {
      const { error } = await start("", { argv: wrapped("true"), sandbox }).reply;
      expect(error).toMatchObject({ code: -32600 });
    }
    expect((await run("", { argv: wrapped("exit 3"), sandbox: disabled })).exitCode).toBe(3);
  });
});
