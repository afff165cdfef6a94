import { closeSync, constants, openSync } from "node:fs";
import { openPipe } from "../../host/descriptors.ts";
import type { InputSink, OutputSource, StdioPlan } from "../spawned-process.ts";
import { DescriptorSource } from "./descriptor-source.ts";
import { PipeSink } from "./pipe-sink.ts";
import { openPty, type PtySize, resizePty } from "./pty.ts";
import { PtySink } from "./pty-sink.ts";

/** A command's standard input and output. The child's ends are closed once they were handed over. */
export interface Stdio {
  readonly childEnds: readonly number[];
  /** Builds our side; called once, after a successful start. */
  connect(): ConnectedStdio;
  /** Closes our side of what was never connected. */
  abandon(): void;
}

export interface ConnectedStdio {
  readonly outputs: readonly OutputSource[];
  readonly input?: InputSink;
  readonly resize?: (size: PtySize) => void;
}

/** Opens the pipes or the PTY of a plan. On failure nothing stays open. */
export function openStdio(plan: StdioPlan): Stdio {
  return plan.kind === "pty" ? ptyStdio(plan) : pipeStdio(plan.stdin);
}

function ptyStdio(size: PtySize): Stdio {
  const { master, slave } = openPty(size);
  return {
    childEnds: [slave],
    connect: () => connectPty(master),
    abandon: () => closeSync(master),
  };
}

function connectPty(master: number): ConnectedStdio {
  const input = new PtySink(master);
  let open = true;
  const release = () => {
    open = false;
    input.close();
    closeSync(master);
  };
  const output = new DescriptorSource("pty", master, release);
  const resize = (size: PtySize) => {
    if (open) resizePty(master, size);
  };
  return { outputs: [output], input, resize };
}

function pipeStdio(withStdin: boolean): Stdio {
  const opened: number[] = [];
  try {
    const stdin = openStdin(withStdin);
    opened.push(...stdin.all);
    const stdout = openPipe();
    opened.push(stdout.readEnd, stdout.writeEnd);
    const stderr = openPipe();
    const ours = [stdout.readEnd, stderr.readEnd];
    if (stdin.writeEnd !== undefined) ours.push(stdin.writeEnd);
    return {
      childEnds: [stdin.readEnd, stdout.writeEnd, stderr.writeEnd],
      connect: () => ({
        outputs: [
          new DescriptorSource("stdout", stdout.readEnd),
          new DescriptorSource("stderr", stderr.readEnd),
        ],
        ...(stdin.writeEnd === undefined ? {} : { input: new PipeSink(stdin.writeEnd) }),
      }),
      abandon: () => closeAll(ours),
    };
  } catch (error) {
    closeAll(opened);
    throw error;
  }
}

function openStdin(piped: boolean): { readEnd: number; writeEnd?: number; all: readonly number[] } {
  if (piped) {
    const { readEnd, writeEnd } = openPipe();
    return { readEnd, writeEnd, all: [readEnd, writeEnd] };
  }
  const readEnd = openSync("/dev/null", constants.O_RDONLY | 0o2000000);
  return { readEnd, all: [readEnd] };
}

function closeAll(descriptors: readonly number[]): void {
  for (const descriptor of descriptors) closeSync(descriptor);
}
