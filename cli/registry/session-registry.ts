import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { limits } from "../../core/limits.ts";
import { stateDirectory } from "../link/state-directory.ts";
import { isAlive } from "./holder.ts";
import { expiryOf, type SessionEntry, sessionEntrySchema } from "./session-entry.ts";

/** An entry and what it is kept as. */
export interface ListedSession {
  readonly id: string;
  readonly entry: SessionEntry;
}

/**
 * This user's own sessions, over all programs of ours that run or have run: one file each, which only its owner can
 * read, put in place when it is whole. What it cannot write it leaves, since nobody's work depends on it.
 */
export class SessionRegistry {
  readonly #directory: string;

  constructor(variables: Readonly<Record<string, string | undefined>>) {
    this.#directory = join(stateDirectory(variables), "sessions");
  }

  /** False: it could not be written. */
  put(id: string, entry: SessionEntry): boolean {
    const path = this.#path(id);
    const temporary = `${path}.${crypto.randomUUID()}`;
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      writeFileSync(temporary, `${JSON.stringify(entry)}\n`, { mode: 0o600, flag: "wx" });
      renameSync(temporary, path);
      return true;
    } catch {
      removeIfThere(temporary);
      return false;
    }
  }

  remove(id: string): void {
    removeIfThere(this.#path(id));
  }

  /**
   * Every session, the oldest first. What has ended is removed; a session whose program has gone without a word is
   * nobody's from now on, if it may still be there.
   */
  list(now = Date.now()): readonly ListedSession[] {
    const found: ListedSession[] = [];
    for (const name of this.#names()) {
      if (!name.endsWith(".json")) {
        this.#removeOld(name, now);
        continue;
      }
      const id = name.slice(0, -".json".length);
      const entry = this.#read(id);
      const current = entry === undefined ? undefined : this.#asItIs(id, entry, now);
      if (current === undefined) this.remove(id);
      else found.push({ id, entry: current });
    }
    return found.sort((one, other) => one.entry.openedAtMs - other.entry.openedAtMs);
  }

  /** Undefined: it is over. */
  #asItIs(id: string, entry: SessionEntry, now: number): SessionEntry | undefined {
    const expiry = expiryOf(entry);
    if (expiry !== undefined) return now < expiry ? entry : undefined;
    if (entry.holder.kind === "process" && isAlive(entry.holder)) return entry;
    if (!entry.resumable || entry.processes.length === 0) return undefined;
    const orphan: SessionEntry = { ...entry, holder: { kind: "nobody", sinceMs: now } };
    this.put(id, orphan);
    return orphan;
  }

  #read(id: string): SessionEntry | undefined {
    const path = this.#path(id);
    try {
      if (statSync(path).size > limits.registryEntryBytes) return undefined;
      const parsed = v.safeParse(sessionEntrySchema, JSON.parse(readFileSync(path, "utf8")));
      return parsed.success ? parsed.output : undefined;
    } catch {
      return undefined;
    }
  }

  #names(): readonly string[] {
    try {
      return readdirSync(this.#directory).slice(0, limits.registryEntries);
    } catch {
      return [];
    }
  }

  /** A file that was never put in place, of a program that was killed on the way. */
  #removeOld(name: string, now: number): void {
    const path = join(this.#directory, name);
    try {
      if (now - statSync(path).mtimeMs > limits.registryTemporaryMs) rmSync(path);
    } catch {
      // Somebody else was faster.
    }
  }

  #path(id: string): string {
    return join(this.#directory, `${id}.json`);
  }
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It is stale then, and goes with a later look.
  }
}
