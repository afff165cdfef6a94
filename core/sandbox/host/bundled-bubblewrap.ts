import { closeSync, fchmodSync, openSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { openMemoryProgram } from "../../host/descriptors.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { bundledDigests } from "./bundled-digests.ts";
import type { Candidate } from "./candidate.ts";
import { fileIdentity } from "./file-identity.ts";

export interface BundledOptions {
  readonly paths: readonly string[];
  /** SHA-256 in hexadecimal, fixed when this program was built; undefined where none is bundled. */
  readonly digest: string | undefined;
}

/** `codex-resources/bwrap` beside this program, or under the name of its machine where several are kept. */
export function bundledOptions(program: string = process.execPath): BundledOptions {
  const folder = join(dirname(program), "codex-resources");
  const machine = process.arch === "arm64" ? "arm64" : "x64";
  return {
    paths: [join(folder, "bwrap"), join(folder, `bwrap-${machine}`)],
    digest: process.platform === "linux" ? bundledDigests[machine] : undefined,
  };
}

/**
 * The bundled bubblewrap, when its content has the digest. It may lie where anybody can write: what is run later are
 * the bytes that were compared, out of memory, whatever has become of the file.
 */
export function bundledBubblewrap(options: BundledOptions = bundledOptions()): Candidate {
  const { paths, digest } = options;
  if (digest === undefined) return { kind: "absent", reason: "none is bundled for this platform" };
  let fault: string | undefined;
  for (const path of paths) {
    const bytes = contentOf(path);
    if (bytes === undefined) continue;
    const found = new Bun.CryptoHasher("sha256").update(bytes.content).digest("hex");
    if (found === digest)
      return { kind: "found", path, identity: bytes.identity, open: () => openInMemory(bytes.content) };
    fault ??= `the bundled bubblewrap ${path} has the SHA-256 ${found}, not ${digest} as this program expects`;
  }
  if (fault !== undefined) return { kind: "refused", reason: fault };
  return { kind: "absent", reason: `no bundled bubblewrap at ${paths.join(", ")}` };
}

/** Changes when one of the files does: then it has to be verified anew. */
export function bundledIdentity(options: BundledOptions = bundledOptions()): string {
  return options.paths.map((path) => identityOf(path) ?? "-").join(" ");
}

interface Content {
  readonly content: Uint8Array;
  readonly identity: string;
}

function contentOf(path: string): Content | undefined {
  const identity = identityOf(path);
  if (identity === undefined) return undefined;
  try {
    return { content: readFileSync(path), identity };
  } catch {
    return undefined;
  }
}

function identityOf(path: string): string | undefined {
  try {
    const stats = statSync(path, { bigint: true });
    return stats.isFile() ? fileIdentity(stats) : undefined;
  } catch {
    // Not there, or not for us to see.
    return undefined;
  }
}

/** Throws {@link SandboxRefusal} where the system forbids to run what lies in memory. */
function openInMemory(program: Uint8Array): number {
  let descriptor: number;
  try {
    descriptor = openMemoryProgram(program);
  } catch (error) {
    throw new SandboxRefusal("the bundled bubblewrap cannot be run from memory (vm.memfd_noexec?)", {
      cause: error,
    });
  }
  try {
    fchmodSync(descriptor, 0o500);
    // Not the writable one: what is handed on to a child must not be a way to change the program.
    return openSync(`/proc/self/fd/${descriptor}`, "r");
  } finally {
    closeSync(descriptor);
  }
}
