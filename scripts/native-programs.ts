import { root } from "./root.ts";

/** A small program in C that is embedded into the binary. */
export interface NativeProgram {
  readonly name: "guardian" | "stage" | "first-answer";
  /** Where its sources are, and where `NAME-MACHINE.bin` goes. */
  readonly folder: string;
  /** Relative to the folder. */
  readonly sources: readonly string[];
  readonly headers: readonly string[];
}

const stage = "../../../sandbox/stage";

/** In both, finding a program on a PATH is done by the same code. */
export const nativePrograms: readonly NativeProgram[] = [
  {
    name: "guardian",
    folder: `${root}/core/process/local/guardian`,
    sources: ["guardian.c", "shim.c", "launch.c", "kept.c", "pump.c", "tree.c", `${stage}/execute.c`],
    headers: ["wire.h", "shim.h", "launch.h", "kept.h", "pump.h", "tree.h", `${stage}/execute.h`],
  },
  {
    name: "stage",
    folder: `${root}/core/sandbox/stage`,
    sources: [
      ...["stage.c", "init.c", "command.c", "confinement.c", "execute.c", "mounts.c"],
      ...["around.c", "mounter.c", "walk.c", "kernel-mounts.c"],
    ],
    headers: [
      ...["wire.h", "init.h", "command.h", "confinement.h", "execute.h", "mounts.h"],
      ...["around.h", "mounter.h", "walk.h", "kernel-mounts.h"],
    ],
  },
  {
    name: "first-answer",
    folder: `${root}/core/filesystem/sandboxed/first-answer`,
    sources: ["first-answer.c", "line.c"],
    headers: ["line.h"],
  },
];
