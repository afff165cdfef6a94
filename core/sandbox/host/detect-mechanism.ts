import { closeSync } from "node:fs";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import {
  type BundledOptions,
  bundledBubblewrap,
  bundledIdentity,
  bundledOptions,
} from "./bundled-bubblewrap.ts";
import type { Candidate } from "./candidate.ts";
import { landlockAbi, takesSeccompFilters } from "./kernel-facts.ts";
import type { Mechanism } from "./mechanism.ts";
import { type Probe, probeBubblewrap } from "./probe-bubblewrap.ts";
import { SYSTEM_PATHS, systemBubblewrap } from "./system-bubblewrap.ts";

/** Landlock holds back truncation from its third version on; below that a read-only file could be emptied. */
const LANDLOCK_ABI = 3;

export interface Detector {
  /** What holds restricting profiles here now; probed once for each file that could do it. Never rejects. */
  detect(): Promise<Mechanism>;
  /** After a launch has failed in its launcher: the next answer is probed for anew. */
  forget(): void;
}

export interface DetectorOptions {
  readonly systemPaths: readonly string[];
  readonly bundled: BundledOptions;
}

/** A detector of its own, for other places than the usual ones. */
export function createDetector(options: DetectorOptions): Detector {
  let known: { readonly identity: string; readonly mechanism: Promise<Mechanism> } | undefined;
  return {
    detect() {
      const system = systemBubblewrap(options.systemPaths);
      const identity = `${identityOf(system)} ${bundledIdentity(options.bundled)}`;
      if (known?.identity !== identity) known = { identity, mechanism: choose(system, options.bundled) };
      return known.mechanism;
    },
    forget() {
      known = undefined;
    },
  };
}

let usual: Detector | undefined;

function usualDetector(): Detector {
  usual ??= createDetector({ systemPaths: SYSTEM_PATHS, bundled: bundledOptions() });
  return usual;
}

/** How this machine can hold a restricting profile; see {@link Detector.detect}. */
export function detectMechanism(): Promise<Mechanism> {
  return usualDetector().detect();
}

/** See {@link Detector.forget}. */
export function forgetMechanism(): void {
  usual?.forget();
}

function identityOf(candidate: Candidate): string {
  return candidate.kind === "found" ? `${candidate.path} ${candidate.identity}` : candidate.kind;
}

async function choose(system: Candidate, bundled: BundledOptions): Promise<Mechanism> {
  if (process.platform !== "linux") return { kind: "none", reason: "sandboxes are only known for Linux" };
  if (!takesSeccompFilters()) return { kind: "none", reason: "the kernel takes no seccomp filters" };
  const first = await tryOut(system, "system");
  if (first.kind === "bubblewrap") return first;
  const second = await tryOut(bundledBubblewrap(bundled), "bundled");
  if (second.kind === "bubblewrap") return second;
  const reason = `${first.reason}; ${second.reason}`;
  const abi = landlockAbi();
  if (abi >= LANDLOCK_ABI) return { kind: "landlock", abi, reason };
  return {
    kind: "none",
    reason: `${reason}; ${abi === 0 ? "no Landlock" : `Landlock's version is ${abi}, below ${LANDLOCK_ABI}`}`,
  };
}

type Attempt =
  | Extract<Mechanism, { readonly kind: "bubblewrap" }>
  | { readonly kind: "refused"; readonly reason: string };

async function tryOut(candidate: Candidate, origin: "system" | "bundled"): Promise<Attempt> {
  if (candidate.kind !== "found") return { kind: "refused", reason: candidate.reason };
  const { path, open } = candidate;
  const probe = await probeOpened(open);
  if (probe.kind === "fails") return { kind: "refused", reason: `${path}: ${probe.reason}` };
  const { version, options } = probe;
  return { kind: "bubblewrap", bubblewrap: { origin, path, version, options, open } };
}

/** Whatever goes wrong is a reason not to use it. */
async function probeOpened(open: () => number): Promise<Probe> {
  let descriptor: number | undefined;
  try {
    descriptor = open();
    return await probeBubblewrap(descriptor);
  } catch (error) {
    if (error instanceof SandboxRefusal) return { kind: "fails", reason: error.message };
    return { kind: "fails", reason: `it cannot be started: ${String(error)}` };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
