import { closeSync, openSync } from "node:fs";
import { openPipe } from "../../../../core/host/descriptors.ts";
import { readableMemoryFile } from "../../../../core/sandbox/launch/memory-file.ts";
import { stageProgram } from "../../../../core/sandbox/launch/stage-image.ts";
import { type StageStatus, StageStatusDecoder } from "../../../../core/sandbox/launch/stage-status.ts";

export interface StageRun {
  readonly statuses: readonly StageStatus[];
  readonly exitCode: number;
  readonly out: string;
  /** What it, or its launcher, said on stderr. */
  readonly words: string;
}

export interface StageOptions {
  /** What it is started by, up to the program; `{stage}` is its number of the stage's program. */
  readonly launcher?: readonly string[];
  readonly mode: "init" | "become";
  /** As init: what its launcher finds at 10, 11, ... */
  readonly more?: readonly number[];
}

/** Runs the stage over a blob, with nothing but what it needs. */
export async function runStage(blob: Uint8Array, options: StageOptions): Promise<StageRun> {
  using undo = new DisposableStack();
  const adopt = (descriptor: number): number => undo.adopt(descriptor, closeSync);
  const status = openPipe();
  const orders = openPipe();
  const nothing = adopt(openSync("/dev/null", "r+"));
  const out = openPipe();
  const before = [adopt(readableMemoryFile(blob)), adopt(status.writeEnd)];
  const init = [
    adopt(orders.readEnd),
    stageProgram(),
    nothing,
    adopt(out.writeEnd),
    nothing,
    ...(options.more ?? []),
  ];
  const descriptors = options.mode === "init" ? [...before, ...init] : before;
  const program = `/proc/${process.pid}/fd/${stageProgram()}`;
  const command = options.launcher ?? [program, options.mode];
  const child = Bun.spawn([...command], {
    env: {},
    cwd: "/",
    stdio: ["ignore", options.mode === "become" ? out.writeEnd : "ignore", "pipe", ...descriptors],
  });
  undo.dispose();
  const [told, said, words, exitCode] = await Promise.all([
    readEnd(status.readEnd),
    readEnd(out.readEnd),
    wordsOf(child),
    child.exited,
  ]);
  // Its end before the command's would kill that.
  closeSync(orders.writeEnd);
  return {
    statuses: [...new StageStatusDecoder().decode(told)],
    exitCode,
    out: Buffer.from(said).toString(),
    words,
  };
}

async function wordsOf({ stderr }: Bun.Subprocess): Promise<string> {
  return stderr instanceof ReadableStream ? (await new Response(stderr).text()).trim() : "";
}

async function readEnd(descriptor: number): Promise<Uint8Array> {
  try {
    return await new Response(Bun.file(descriptor).stream()).bytes();
  } finally {
    closeSync(descriptor);
  }
}
