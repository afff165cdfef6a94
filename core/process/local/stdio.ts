import { closeSync, constants, openSync } from "node:fs";
import { duplicate, openPipe } from "../../host/descriptors.ts";
import type { InputSink, OutputSource, StdioPlan } from "../spawned-process.ts";
import { DescriptorSource } from "./descriptor-source.ts";
import { PipeSink } from "./pipe-sink.ts";
import { openPty, type PtySize, resizePty } from "./pty.ts";
import { PtySink } from "./pty-sink.ts";
import { PtySource } from "./pty-source.ts";

/** A command's standard input and output, open on both sides. */
export interface Stdio {
  /**
   * stdin, stdout and stderr, or of a PTY the slave, the master and the pipe for what it says. Closed here once they
   * were handed over.
   */
  readonly childEnds: readonly number[];
  readonly outputs: readonly OutputSource[];
  /** Absent when stdin is /dev/null. */
  readonly input?: InputSink;
  /** PTY only. */
  readonly resize?: (size: PtySize) => void;
}

/**
 * Opens the pipes or the PTY of a plan, readers and writers included: a shortage of descriptors shows before the
 * command runs. On failure nothing stays open. Throws OsError, or Node's error with its `errno`.
 */
export function openStdio(plan: StdioPlan): Stdio {
  switch (plan.kind) {
    case "pty":
      return openTerminal(plan);
    case "pipes":
      return openPipes(plan.stdin);
    case "ours":
      return passOwn();
  }
}

/** Closes our side of a command that did not start. */
export function abandonStdio(stdio: Stdio): void {
  stdio.input?.close();
  for (const output of stdio.outputs) output.close();
}

function openTerminal(size: PtySize): Stdio {
  using undo = new DisposableStack();
  const { master, slave } = openPty(size);
  undo.adopt(master, closeSync);
  undo.adopt(slave, closeSync);
  const theirs = undo.adopt(duplicate(master), closeSync);
  const { readEnd, writeEnd } = openPipe();
  undo.adopt(writeEnd, closeSync);
  const input = new PtySink(master);
  let open = true;
  const release = () => {
    open = false;
    input.close();
    closeSync(master);
  };
  const resize = (wanted: PtySize) => {
    if (open) resizePty(master, wanted);
  };
  const output = own(readEnd, (descriptor) => new PtySource(descriptor, master, release));
  undo.move();
  return { childEnds: [slave, theirs, writeEnd], outputs: [output], input, resize };
}

function passOwn(): Stdio {
  using undo = new DisposableStack();
  const childEnds = [0, 1, 2].map((descriptor) => undo.adopt(duplicate(descriptor), closeSync));
  undo.move();
  return { childEnds, outputs: [] };
}

function openPipes(withStdin: boolean): Stdio {
  using undo = new DisposableStack();
  const stdin = withStdin ? openInput(undo) : { childEnd: openNothing(undo) };
  const stdout = openOutput("stdout", undo);
  const stderr = openOutput("stderr", undo);
  undo.move();
  const { childEnd, ...ours } = stdin;
  return {
    childEnds: [childEnd, stdout.childEnd, stderr.childEnd],
    outputs: [stdout.source, stderr.source],
    ...ours,
  };
}

function openNothing(undo: DisposableStack): number {
  return undo.adopt(openSync("/dev/null", constants.O_RDONLY), closeSync);
}

function openInput(undo: DisposableStack): { childEnd: number; input: InputSink } {
  const { readEnd, writeEnd } = openPipe();
  undo.adopt(readEnd, closeSync);
  const input = undo.adopt(
    own(writeEnd, (descriptor) => new PipeSink(descriptor)),
    (sink) => sink.close(),
  );
  return { childEnd: readEnd, input };
}

function openOutput(
  name: "stdout" | "stderr",
  undo: DisposableStack,
): { childEnd: number; source: OutputSource } {
  const { readEnd, writeEnd } = openPipe();
  undo.adopt(writeEnd, closeSync);
  const source = own(readEnd, (descriptor) => new DescriptorSource(name, descriptor));
  undo.adopt(source, (opened) => opened.close());
  return { childEnd: writeEnd, source };
}

/** Gives a descriptor to its owner, or closes it when there will be none. */
function own<T>(descriptor: number, owner: (descriptor: number) => T): T {
  try {
    return owner(descriptor);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}
