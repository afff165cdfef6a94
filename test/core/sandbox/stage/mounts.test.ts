import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { closeSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectedMounts } from "../../../../core/sandbox/bubblewrap/expected-mounts.ts";
import { hostMounts } from "../../../../core/sandbox/bubblewrap/host-mounts.ts";
import { readableMemoryFile } from "../../../../core/sandbox/launch/memory-file.ts";
import type { SandboxedCommand } from "../../../../core/sandbox/launch/sandboxed-command.ts";
import { encodeStageBlob } from "../../../../core/sandbox/launch/stage-blob.ts";
import { seccompProgram } from "../../../../core/sandbox/seccomp/seccomp-program.ts";
import { runStage } from "./run-stage.ts";

const command: SandboxedCommand = {
  argv: ["/bin/echo", "ran"],
  cwd: "/",
  env: [],
  terminal: false,
  inherited: [],
};
const filter = seccompProgram("restricted", process.arch === "arm64" ? "arm64" : "x64");
const hasBubblewrap = Bun.which("bwrap") !== null;
if (!hasBubblewrap) console.log("skipped: there is no bwrap on this machine's PATH");

let folder = "";
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "codex env-mounts-")));
  for (const name of ["ws", "ws/sub", "ws/priv", "out", "out/priv"]) mkdirSync(at(name));
  for (const name of ["ws/file", "mask"]) writeFileSync(at(name), "");
  symlinkSync("../out", at("ws/link"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const around = (): string[] => [
  "--unshare-user",
  "--unshare-pid",
  "--as-pid-1",
  "--cap-drop",
  "ALL",
  "--seccomp",
  "10",
];
const view = (): string[] => [
  ...["--ro-bind", "/", "/", "--dev", "/dev", "--remount-ro", "/dev", "--proc", "/proc"],
  ...["--ro-bind", "/proc/sys", "/proc/sys", "--ro-bind-try", "/proc/fs", "/proc/fs"],
  ...["--bind", at("ws"), at("ws"), "--bind", at("ws/sub"), at("ws/sub")],
  ...["--perms", "000", "--tmpfs", at("ws/priv"), "--remount-ro", at("ws/priv")],
  ...["--ro-bind", at("mask"), at("ws/file")],
];

/** What a stage says that expects the mounts of `planned` and finds those of `made`. */
async function runs(planned: readonly string[], made: readonly string[]): Promise<string> {
  const mounts = expectedMounts([...around(), ...planned], hostMounts());
  const loaded = readableMemoryFile(filter);
  try {
    const run = await runStage(encodeStageBlob(command, { mounts }), {
      mode: "init",
      launcher: ["bwrap", ...around(), ...made, "--", "/proc/self/fd/6", "init"],
      more: [loaded],
    });
    expect(run.words === "").toBe(run.statuses.length > 0);
    return run.out + run.words;
  } finally {
    closeSync(loaded);
  }
}

/** The view with the words from `from` on exchanged. */
function changed(from: readonly string[], to: readonly string[]): string[] {
  const words = view();
  const start = words.findIndex((_, index) => from.every((word, offset) => words[index + offset] === word));
  expect(start).toBeGreaterThanOrEqual(0);
  return [...words.slice(0, start), ...to, ...words.slice(start + from.length)];
}

const refused = (path: string) =>
  `what the sandbox is made of has changed at its start: ${at(path).replaceAll(" ", "\\040")}`;

describe.skipIf(!hasBubblewrap)("a stage whose sandbox is mounted", () => {
  test("as planned runs the command", async () => {
    expect(await runs(view(), view())).toBe("ran\n");
  });

  test("over nothing, with little in it, runs the command", async () => {
    const own = ["--tmpfs", "/", "--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc"];
    const links = ["bin", "lib", "lib64", "sbin"].flatMap((name) => ["--symlink", `usr/${name}`, `/${name}`]);
    const words = [...own, ...links, "--proc", "/proc", "--bind", at("ws"), at("ws"), "--remount-ro", "/"];
    expect(await runs(words, words)).toBe("ran\n");
  });

  test("with one more of the host's, read-only among what is read-only, runs the command", async () => {
    expect(await runs(view(), [...view(), "--ro-bind", at("out"), at("out")])).toBe("ran\n");
  });

  test.each<[string, () => string[], () => string]>([
    [
      "with one more where it can be written",
      () => [...view(), "--ro-bind", at("out"), at("ws/sub")],
      () => "ws/sub",
    ],
    [
      "with one more on what is the sandbox's own",
      () =>
        changed(["--remount-ro", at("ws/priv")], ["--ro-bind", at("out"), at("ws/priv/x")]).concat(
          "--remount-ro",
          at("ws/priv"),
        ),
      () => "ws/priv/x",
    ],
    [
      "from another directory",
      () => changed(["--bind", at("ws/sub")], ["--bind", at("out")]),
      () => "ws/sub",
    ],
    [
      "through a link, on both ends",
      () => changed([at("ws/sub"), at("ws/sub")], [at("ws/link"), at("ws/link")]),
      () => "out",
    ],
    [
      "through a link at its target",
      () => changed([at("ws/sub"), at("ws/sub")], [at("ws/sub"), at("ws/link")]),
      () => "out",
    ],
    [
      "through a link at its source",
      () => changed([at("ws/sub"), at("ws/sub")], [at("ws/link"), at("ws/sub")]),
      () => "ws/sub",
    ],
    ["with one mount less", () => changed(["--bind", at("ws/sub"), at("ws/sub")], []), () => "ws/sub"],
    ["with one more", () => [...view(), "--bind", at("out"), at("out")], () => "out"],
    [
      "with a mask elsewhere",
      () => changed(["--tmpfs", at("ws/priv"), "--remount-ro", at("ws/priv")], ["--tmpfs", at("out/priv")]),
      () => "out/priv",
    ],
    [
      "with a mask that can be written to",
      () => changed(["--remount-ro", at("ws/priv")], []),
      () => "ws/priv",
    ],
    [
      "with another file for a mask",
      () => changed([at("mask"), at("ws/file")], [at("ws/file"), at("ws/file")]),
      () => "ws/file",
    ],
    ["with a mask below a later mount", () => [...view(), "--bind", at("ws"), at("ws")], () => "ws/file"],
    [
      "with a mask that another mount covers",
      () => [...view(), "--bind", at("ws/priv"), at("ws/priv")],
      () => "ws/priv",
    ],
  ])("%s runs nothing and names the path", async (_name, made, path) => {
    expect(await runs(view(), made())).toStartWith(refused(path()));
  });

  test("writable where it was to be read-only runs nothing", async () => {
    expect(await runs(view(), changed(["--ro-bind", "/", "/"], ["--bind", "/", "/"]))).toContain(
      "has changed at its start: / can be written to",
    );
  });

  test("that was told of no mounts runs nothing", async () => {
    expect(await runs([], view())).toContain("has changed at its start: / is not what should be mounted");
  });
});
