import { limits } from "../../limits.ts";
import { leastLandlockAbi } from "../landlock/landlock-rules.ts";
import type { Bubblewrap, Mechanism } from "../mechanism.ts";
import {
  type BundledOptions,
  bundledBubblewrap,
  bundledIdentity,
  bundledOptions,
} from "./bundled-bubblewrap.ts";
import type { Candidate } from "./candidate.ts";
import { landlockAbi, takesSeccompFilters } from "./kernel-facts.ts";
import type { ProbeMemory } from "./probe-memory.ts";
import { SYSTEM_PATHS, systemBubblewrap } from "./system-bubblewrap.ts";
import { type Attempt, tryBubblewrap } from "./try-bubblewrap.ts";

export interface Detector {
  /**
   * What holds restricting profiles here now; probed once for each file that could do it. That bubblewrap cannot be used
   * is not believed for long: it may have been a moment's lack of something, or have been cured. Never rejects.
   */
  detect(): Promise<Mechanism>;
  /** After a launch has failed in its launcher: the next answer is probed for anew. */
  forget(): void;
}

export interface DetectorOptions {
  readonly systemPaths: readonly string[];
  readonly bundled: BundledOptions;
  /** What other processes have found out about the system's bubblewrap; nothing, unless given. */
  readonly memory?: ProbeMemory;
}

/** A detector of its own, for other places than the usual ones. */
export function createDetector(options: DetectorOptions): Detector {
  let known: Known | undefined;
  return {
    detect() {
      const system = systemBubblewrap(options.systemPaths);
      const identity = `${identityOf(system)} ${bundledIdentity(options.bundled)}`;
      if (known?.identity === identity && performance.now() < known.until) return known.mechanism;
      const found: Known = {
        identity,
        mechanism: choose(system, options),
        until: Number.POSITIVE_INFINITY,
      };
      known = found;
      void found.mechanism.then(({ kind }) => {
        if (kind !== "bubblewrap") found.until = performance.now() + limits.sandboxRetryMs;
      });
      return found.mechanism;
    },
    forget() {
      known = undefined;
      options.memory?.forget();
    },
  };
}

interface Known {
  readonly identity: string;
  readonly mechanism: Promise<Mechanism>;
  /** On the clock of performance.now(). */
  until: number;
}

let usual: Detector | undefined;

function usualDetector(): Detector {
  usual ??= createDetector({ systemPaths: SYSTEM_PATHS, bundled: bundledOptions() });
  return usual;
}

/** Has {@link detectMechanism} believe what other processes of this account have tried out, and tell them. */
export function shareProbes(memory: ProbeMemory): void {
  usual = createDetector({ systemPaths: SYSTEM_PATHS, bundled: bundledOptions(), memory });
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

async function choose(system: Candidate, { bundled, memory }: DetectorOptions): Promise<Mechanism> {
  if (process.platform !== "linux") return { kind: "none", reason: "sandboxes are only known for Linux" };
  if (!takesSeccompFilters()) return { kind: "none", reason: "the kernel takes no seccomp filters" };
  const remembered = recalled(system, memory);
  if (remembered !== undefined) return { kind: "bubblewrap", bubblewrap: remembered };
  const first = await tryBubblewrap(system, "system");
  if (first.kind === "works") {
    memory?.keep(identityOf(system), first.bubblewrap);
    return { kind: "bubblewrap", bubblewrap: first.bubblewrap };
  }
  const second = await tryBubblewrap(bundledBubblewrap(bundled), "bundled");
  if (second.kind === "works") return { kind: "bubblewrap", bubblewrap: second.bubblewrap };
  const reason = isSameRefusal(first, second) ? first.reason : `${first.reason}; ${second.reason}`;
  const abi = landlockAbi();
  if (abi >= leastLandlockAbi) return { kind: "landlock", abi, reason };
  const lacking =
    abi === 0 ? "there is no Landlock" : `Landlock's version is ${abi}, below ${leastLandlockAbi}`;
  return { kind: "none", reason: `${reason}; ${lacking}` };
}

function recalled(system: Candidate, memory: ProbeMemory | undefined): Bubblewrap | undefined {
  if (system.kind !== "found") return undefined;
  const probed = memory?.recall(identityOf(system));
  return probed && { origin: "system", path: system.path, ...probed, open: system.open };
}

/** Whether the system refuses both in the same words, each behind its path. */
function isSameRefusal(one: FailedAttempt, other: FailedAttempt): boolean {
  const words = ({ reason }: FailedAttempt) => reason.slice(reason.indexOf(": "));
  return one.fault === "system" && other.fault === "system" && words(one) === words(other);
}

type FailedAttempt = Extract<Attempt, { readonly kind: "fails" }>;
