import { readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { limits } from "../../limits.ts";

/** What a bubblewrap was found to be. */
export interface ProbedBubblewrap {
  readonly version: string;
}

/** Remembers from one short-lived process to the next that a bubblewrap works. */
export interface ProbeMemory {
  /** Undefined: it is not known, or the machine or the file is another one by now. */
  recall(file: string): ProbedBubblewrap | undefined;
  keep(file: string, probed: ProbedBubblewrap): void;
  forget(): void;
}

const stored = v.object({ known: v.string(), version: v.string() });

/** In a file of `directory`, which has to be this account's alone: who writes it chooses what is believed. */
export function probeMemory(directory: string): ProbeMemory {
  const path = join(directory, "bubblewrap.json");
  return {
    recall(file) {
      const read = readStored(path);
      if (read === undefined || read.known !== knownBy(file)) return undefined;
      return { version: read.version };
    },
    keep(file, { version }) {
      const partial = `${path}.${process.pid}`;
      try {
        writeFileSync(partial, JSON.stringify({ known: knownBy(file), version }), {
          mode: 0o600,
        });
        renameSync(partial, path);
      } catch {
        // It is tried out again the next time.
        remove(partial);
      }
    },
    forget: () => remove(path),
  };
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Whoever may not write here, in a sandbox of somebody's, has kept nothing here, either.
  }
}

function readStored(path: string): v.InferOutput<typeof stored> | undefined {
  try {
    const text = readFileSync(path, "utf8");
    if (text.length > limits.probeMemoryBytes) return undefined;
    const parsed = v.safeParse(stored, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** Other after a restart of the machine, and in another container: there it may not work. */
function knownBy(file: string): string {
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  const namespaces = ["user", "mnt", "pid"].map((kind) => readlinkSync(`/proc/self/ns/${kind}`));
  return [file, boot, process.geteuid?.(), ...namespaces].join(" ");
}
