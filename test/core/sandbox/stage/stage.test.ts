import { describe, expect, test } from "bun:test";
import { lstatSync } from "node:fs";
import type { SandboxedCommand } from "../../../../core/sandbox/launch/sandboxed-command.ts";
import { encodeStageBlob } from "../../../../core/sandbox/launch/stage-blob.ts";
import { failedSandboxPart } from "../../../../core/sandbox/launch/stage-status.ts";
import { seccompProgram } from "../../../../core/sandbox/seccomp/seccomp-program.ts";
import { runStage } from "./run-stage.ts";

const command: SandboxedCommand = {
  argv: ["/bin/sh", "-c", "echo ran; echo $0 $A; ls /proc/self/fd"],
  arg0: "shell",
  cwd: "/tmp",
  env: [
    ["PATH", "/usr/bin:/bin"],
    ["A", "1"],
  ],
  terminal: false,
  inherited: [],
};
const machine = process.arch === "arm64" ? "arm64" : "x64";
const filter = seccompProgram("restricted", machine);

const namespaces = ["--unshare-user", "--unshare-pid", "--as-pid-1", "--die-with-parent", "--bind", "/", "/"];
const bubblewrap = (...more: string[]) => [
  "bwrap",
  ...[...namespaces, "--proc", "/proc", "--dev", "/dev", ...more],
  ...["--", "/proc/self/fd/6", "init"],
];
const hasBubblewrap = Bun.which("bwrap") !== null;
if (!hasBubblewrap) console.log("skipped: there is no bwrap on this machine's PATH");

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** What the stage did not find as it must be, in words. */
function fault(run: Awaited<ReturnType<typeof runStage>>): string | undefined {
  const [status, ...more] = run.statuses;
  expect(more).toEqual([]);
  expect(run.out).toBe("");
  return status?.kind === "failed" ? failedSandboxPart(status.stage) : status?.kind;
}

describe("a stage that becomes the command", () => {
  test("says nothing, and gives it its name, its environment and no further descriptors", async () => {
    const run = await runStage(encodeStageBlob(command, { filter, dropCapabilities: true }), {
      mode: "become",
    });
    expect(run).toEqual({ statuses: [], exitCode: 0, out: "ran\nshell 1\n0\n1\n2\n3\n", words: "" });
  });

  test("tells errno and stage of a program and a directory that are missing", async () => {
    const lost = encodeStageBlob(
      { ...command, argv: ["no-such-program"] },
      { filter, dropCapabilities: true },
    );
    expect((await runStage(lost, { mode: "become" })).statuses).toEqual([
      { kind: "failed", errno: 2, stage: 2 },
    ]);
    const nowhere = encodeStageBlob({ ...command, cwd: "/no/where" }, { filter, dropCapabilities: true });
    expect((await runStage(nowhere, { mode: "become" })).statuses).toEqual([
      { kind: "failed", errno: 2, stage: 1 },
    ]);
  });

  test("runs nothing when the kernel refuses the filter", async () => {
    const broken = new Uint8Array(16).fill(0xff);
    const run = await runStage(encodeStageBlob(command, { filter: broken, dropCapabilities: true }), {
      mode: "become",
    });
    expect(fault(run)).toBe("the seccomp filter could not be loaded");
  });

  test("runs nothing when the kernel refuses the Landlock rules", async () => {
    const landlock = { handledFs: 1n << 63n, handledNet: 0n, scoped: 0n, rules: [] };
    const blob = encodeStageBlob(command, { filter, dropCapabilities: true, landlock });
    expect(fault(await runStage(blob, { mode: "become" }))).toBe(
      "the Landlock rules could not be put in force",
    );
  });

  test("holds the command to the rules, and a path that has gone needs none", async () => {
    const [execute, write, read, list] = [1n, 2n, 4n, 8n];
    const directories = ["/usr", "/lib", "/lib64", "/bin", "/etc", "/no/where"].filter(
      (path) => !isLink(path),
    );
    const rules = directories.map((path) => ({ path, access: execute | read | list }));
    const landlock = { handledFs: execute | write | read | list, handledNet: 0n, scoped: 0n, rules };
    const argv = [
      "/bin/sh",
      "-c",
      `exec 2>&1; head -c 4 /etc/passwd; ls / | head -1; head -c 1 /proc/version`,
    ] as const;
    const blob = encodeStageBlob({ ...command, argv }, { filter, dropCapabilities: false, landlock });
    const run = await runStage(blob, { mode: "become" });
    expect(run.statuses).toEqual([]);
    expect(run.out).toContain("root");
    expect(run.out).toContain("cannot open directory '/': Permission denied");
    expect(run.out).toContain("cannot open '/proc/version' for reading: Permission denied");
  });

  test.each([
    ["nothing at all", (_: Uint8Array) => new Uint8Array(0)],
    ["half of it", (blob: Uint8Array) => blob.subarray(0, blob.length >> 1)],
    ["another version's magic", (blob: Uint8Array) => Buffer.concat([Buffer.from("XXXX"), blob.subarray(4)])],
    ["counts beyond it", (blob: Uint8Array) => Buffer.from(blob).fill(0xff, 8, 28)],
  ])("refuses a blob that is %s", async (_name, spoil) => {
    const blob = spoil(encodeStageBlob(command, { filter, dropCapabilities: true }));
    expect(fault(await runStage(blob, { mode: "become" }))).toBe(
      "the sandbox's first program does not understand its orders",
    );
  });
});

describe.skipIf(!hasBubblewrap)("a stage that is init runs nothing", () => {
  const blob = encodeStageBlob(command, {});

  test("outside a process namespace of its own", async () => {
    expect(fault(await runStage(blob, { mode: "init" }))).toBe(
      "the sandbox has no process namespace of its own",
    );
  });

  test("with capabilities that the launcher left", async () => {
    const kept = bubblewrap("--cap-add", "CAP_NET_RAW");
    expect(fault(await runStage(blob, { mode: "init", launcher: kept }))).toBe(
      "the sandbox left capabilities to its first program",
    );
  });

  test("without a filter", async () => {
    const unfiltered = bubblewrap("--cap-drop", "ALL");
    expect(fault(await runStage(blob, { mode: "init", launcher: unfiltered }))).toBe(
      "the seccomp filter could not be loaded",
    );
  });
});
