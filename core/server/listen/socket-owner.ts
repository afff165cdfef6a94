import { readlinkSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { limits } from "../../limits.ts";

/** Who has connected may do so again. */
let lastFound: string | undefined;

/**
 * A process that holds a socket. Undefined: none that may be looked at, or none was found in time. The event loop goes on
 * meanwhile: whoever connects can have many processes with many descriptors.
 */
export async function socketOwner(inode: number): Promise<number | undefined> {
  const link = `socket:[${inode}]`;
  const search = new Search();
  if (lastFound !== undefined && (await holds(lastFound, link, search))) return Number(lastFound);
  for (const name of await readdir("/proc")) {
    if (search.isLate) return undefined;
    if (!/^\d+$/.test(name) || !(await holds(name, link, search))) continue;
    lastFound = name;
    return Number(name);
  }
  return undefined;
}

async function holds(pid: string, link: string, search: Search): Promise<boolean> {
  try {
    // The newest of many is most often the last.
    for (const descriptor of (await readdir(`/proc/${pid}/fd`)).reverse()) {
      if (linkAt(`/proc/${pid}/fd/${descriptor}`) === link) return true;
      if (search.isLong) await search.pause();
      if (search.isLate) return false;
    }
  } catch {
    // Gone, or another account's.
  }
  return false;
}

/** Lets others have their turn. */
class Search {
  readonly #deadline = performance.now() + limits.peerSearchMs;
  #turn = performance.now();

  get isLong(): boolean {
    return performance.now() - this.#turn > limits.peerSearchTurnMs;
  }

  get isLate(): boolean {
    return performance.now() > this.#deadline;
  }

  async pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#turn = performance.now();
  }
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
