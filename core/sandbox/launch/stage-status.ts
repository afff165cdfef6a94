/** What a stage tells on its status pipe. */
export type StageStatus =
  | { readonly kind: "started" /** The command's number inside its namespace. */; readonly pid: number }
  | { readonly kind: "failed"; readonly errno: number; readonly stage: number }
  | { readonly kind: "exited" /** 128 + n for a death by signal n. */; readonly code: number };

const statusBytes = 12;

/** Cuts the bytes of a status pipe into what they say; a read may end in the middle of one. */
export class StageStatusDecoder {
  #rest: Uint8Array = new Uint8Array(0);

  *decode(chunk: Uint8Array): Generator<StageStatus> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let offset = 0;
    for (; offset + statusBytes <= bytes.length; offset += statusBytes) {
      const a = view.getInt32(offset + 4, true);
      const status = statusOf(view.getUint32(offset, true), a, view.getInt32(offset + 8, true));
      if (status !== undefined) yield status;
    }
    this.#rest = bytes.slice(offset);
  }
}

function statusOf(kind: number, a: number, b: number): StageStatus | undefined {
  if (kind === 1) return { kind: "started", pid: a };
  if (kind === 2) return { kind: "failed", errno: a, stage: b };
  return kind === 3 ? { kind: "exited", code: a } : undefined;
}

const failedParts: Readonly<Record<number, string>> = {
  4: "the sandbox left capabilities to its first program",
  5: "the sandbox does not forbid new privileges",
  6: "the seccomp filter could not be loaded",
  7: "the Landlock rules could not be put in force",
  8: "the sandbox's first program does not understand its orders",
  9: "the sandbox has no process namespace of its own",
};

/** What part of a sandbox does not hold, in words; undefined when it was the command that could not be started. */
export function failedSandboxPart(stage: number): string | undefined {
  return failedParts[stage];
}
