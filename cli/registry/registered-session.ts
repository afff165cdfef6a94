import { limits } from "../../core/limits.ts";
import type { OpenLink } from "../link/open-link.ts";
import { thisProcess } from "./holder.ts";
import type { EntryProcess, SessionEntry } from "./session-entry.ts";
import { type ListedSession, SessionRegistry } from "./session-registry.ts";

/** The entry of a session that this program holds: there until the session is closed or left. */
export class RegisteredSession {
  readonly #registry: SessionRegistry;
  readonly #id: string;
  #entry: SessionEntry;
  /** It was closed or left: what is said from then on comes too late. */
  #over = false;

  /** Takes over the entry of a session that was left. */
  constructor(link: OpenLink, command: SessionEntry["command"], left?: ListedSession) {
    this.#registry = new SessionRegistry(process.env);
    this.#id = left?.id ?? crypto.randomUUID();
    const { client } = link;
    this.#entry = {
      version: 1,
      sessionId: client.sessionId,
      environment: left?.entry.environment ?? link.name,
      reach: link.reach,
      where: link.where,
      ...(client.info.providerId ? { provider: client.info.providerId } : {}),
      command,
      openedAtMs: left?.entry.openedAtMs ?? Date.now(),
      ttlSeconds: client.sessionTtlSeconds,
      resumable: !link.local && client.resumes,
      holder: thisProcess(),
      processes: [],
    };
  }

  /** What runs in it now. False: it could not be written, so nobody will find it. */
  show(processes: readonly EntryProcess[]): boolean {
    return this.#put({ processes: processes.map(bounded) });
  }

  /** Lets go of it: the session goes on for as long as it lives without a link. False as of {@link show}. */
  leave(processes: readonly EntryProcess[], ttlSeconds: number): boolean {
    const holder = { kind: "nobody", sinceMs: Date.now() } as const;
    const written = this.#put({ processes: processes.map(bounded), ttlSeconds, holder });
    this.#over = true;
    return written;
  }

  close(): void {
    if (!this.#over) this.#registry.remove(this.#id);
    this.#over = true;
  }

  #put(changes: Partial<SessionEntry>): boolean {
    if (this.#over) return false;
    this.#entry = { ...this.#entry, ...changes };
    return this.#registry.put(this.#id, this.#entry);
  }
}

function bounded(process: EntryProcess): EntryProcess {
  return { ...process, line: process.line.slice(0, limits.registryLineCharacters) };
}
