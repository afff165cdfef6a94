import { closeSync } from "node:fs";
import { openReadable } from "../../host/readable-bytes.ts";
import { readableMemoryFile } from "../launch/memory-file.ts";
import { stageProgram } from "../launch/stage-image.ts";
import { seccompProgram } from "../seccomp/seccomp-program.ts";
import { missingOptions, optionsIn } from "./bubblewrap-options.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { type BubblewrapRun, runBubblewrap } from "./run-bubblewrap.ts";

/** What a bubblewrap said of itself, and whether it can make a sandbox here. */
export type Probe =
  | { readonly kind: "works"; readonly version: string }
  /** `fault`: whether another bubblewrap could do better, or this system does not let any. */
  | { readonly kind: "fails"; readonly fault: "program" | "system"; readonly reason: string };

/** Namespaces and mounts as our sandboxes have them; the strictest profile asks for no others. */
const everyPart = [
  ...["--as-pid-1", "--die-with-parent", "--new-session", "--cap-drop", "ALL"],
  ...[
    "--unshare-user",
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup",
    "--unshare-net",
  ],
  ...["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys"],
];

/** A mount of each kind that is made by descriptors, on what every sandbox has; see ../stage/mounter.h. */
const laterParts = Buffer.from(["", "r /dev", "w /dev", "m /dev/null", "d000 /dev", "c /dev", ""].join("\0"));

/** Asks the bubblewrap of a descriptor what it can do, and has one whole sandbox made with it. */
export async function probeBubblewrap(descriptor: number): Promise<Probe> {
  const [help, version, sandboxed] = await Promise.all([
    runBubblewrap(descriptor, { arguments: ["--help"] }),
    runBubblewrap(descriptor, { arguments: ["--version"] }),
    makeWholeSandbox(descriptor),
  ]);
  if (version.exitCode !== 0) {
    return { kind: "fails", fault: "program", reason: `it does not start: ${said(version)}` };
  }
  const known = version.stdout.trim().replace(/^bubblewrap /, "");
  const missing = missingOptions(optionsIn(help.stdout));
  if (missing.length > 0) {
    return { kind: "fails", fault: "program", reason: `version ${known} lacks ${missing.join(", ")}` };
  }
  if (sandboxed.exitCode !== 0) {
    return { kind: "fails", fault: "system", reason: explainRefusal(said(sandboxed)) };
  }
  return { kind: "works", version: known };
}

/** The way that commands are started, with the stage in the place of the command. */
async function makeWholeSandbox(descriptor: number): Promise<BubblewrapRun> {
  using opened = new DisposableStack();
  const filter = opened.adopt(openReadable(ownFilter()), closeSync);
  const plan = opened.adopt(readableMemoryFile(laterParts), closeSync);
  const stage = stageProgram();
  return await runBubblewrap(stage, {
    arguments: [
      ...["trial", "5", "4", "7", "bwrap", ...everyPart, "--seccomp", "3"],
      ...["--", "/proc/self/fd/6", "after", "7"],
    ],
    inherited: [filter, plan, descriptor, stage],
  });
}

/** One run of bubblewrap inside a sandbox of these parts, with a filter: exit code 0 when all of it could be made. */
export async function makeSandbox(descriptor: number, parts: readonly string[]): Promise<BubblewrapRun> {
  const filter = openReadable(ownFilter());
  try {
    return await runBubblewrap(descriptor, {
      arguments: [...parts, "--seccomp", "3", "--", "/proc/self/fd/4", "--version"],
      inherited: [filter, descriptor],
    });
  } finally {
    closeSync(filter);
  }
}

function ownFilter(): Uint8Array {
  return seccompProgram("restricted", process.arch === "arm64" ? "arm64" : "x64");
}

function said(run: BubblewrapRun): string {
  return run.words === "" ? `exit code ${run.exitCode} without a word` : run.words;
}
