import { parentPath } from "../plan/lexical-path.ts";

/** Directories, of which none lies in another. */
export class PlaceSet {
  readonly #places = new Set<string>();

  get size(): number {
    return this.#places.size;
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#places.values();
  }

  /** Whether a path is one of them or lies in one. */
  covers(path: string): boolean {
    return this.#places.has(path) || this.holds(path);
  }

  /** Whether a path lies in one of them. */
  holds(path: string): boolean {
    for (let place = path; place !== "/"; ) {
      place = parentPath(place);
      if (this.#places.has(place)) return true;
    }
    return false;
  }

  /** Adds a directory, in place of those that lie in it. */
  add(place: string): void {
    if (this.covers(place)) return;
    const inside = place === "/" ? "/" : `${place}/`;
    for (const path of this.#places) if (path.startsWith(inside)) this.#places.delete(path);
    this.#places.add(place);
  }

  /** The directory that stands for the most of them, a little too much with it. */
  get commonest(): string {
    const counts = new Map<string, number>();
    let [found, most] = ["/", 0];
    for (const place of this.#places) {
      const parent = parentPath(place);
      const count = (counts.get(parent) ?? 0) + 1;
      counts.set(parent, count);
      if (count > most || (count === most && parent.length > found.length)) [found, most] = [parent, count];
    }
    return found;
  }
}
