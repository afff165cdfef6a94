import { limits } from "../../limits.ts";
import type { HostFacts, PathFact } from "../../sandbox/plan/host-facts.ts";

/** Places that every plan asks about, and that nobody but root can exchange. */
const steady: ReadonlySet<string> = new Set([
  ...[
    "/",
    "/bin",
    "/sbin",
    "/usr",
    "/usr/bin",
    "/usr/sbin",
    "/etc",
    "/lib",
    "/usr/lib",
    "/lib64",
    "/usr/lib64",
  ],
  ...["/nix", "/nix/store", "/run", "/run/current-system", "/run/current-system/sw"],
  // On the way to the private directory.
  ...["/dev", "/dev/shm", "/home", "/root"],
]);

/**
 * What plans ask of the machine. The system's own directories, and the server's private one, are looked at once a
 * second and not for each request: half of what a warm request takes would be that. A helper's mounts are older anyway.
 */
export class RecentFacts {
  readonly #ask: () => HostFacts;
  #facts: HostFacts | undefined;
  #until = 0;

  /** `ask` throws SandboxRefusal where the server can hold nothing. */
  constructor(ask: () => HostFacts) {
    this.#ask = ask;
  }

  now(): HostFacts {
    if (this.#facts !== undefined && performance.now() < this.#until) return this.#facts;
    const facts = this.#ask();
    const seen = new Map<string, PathFact>();
    this.#facts = {
      ...facts,
      inspect(path) {
        if (!steady.has(path)) return facts.inspect(path);
        const fact = seen.get(path) ?? facts.inspect(path);
        seen.set(path, fact);
        return fact;
      },
    };
    this.#until = performance.now() + limits.fsSystemFactsMs;
    return this.#facts;
  }
}
