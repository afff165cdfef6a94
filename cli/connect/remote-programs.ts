import { limits } from "../../core/limits.ts";
import type { Place } from "./place.ts";

/** Words of every POSIX shell that are no files. */
const builtins = [
  "alias",
  "cd",
  "command",
  "eval",
  "exec",
  "exit",
  "export",
  "for",
  "if",
  "read",
  "set",
  "source",
  "test",
  "trap",
  "type",
  "ulimit",
  "umask",
  "unset",
  "wait",
  "while",
];

interface Listing {
  readonly path: string;
  readonly names: Promise<readonly string[]>;
  readonly at: number;
}

const listings = new WeakMap<Place, Listing>();

/** Programs on the environment's PATH that begin with `start`, each with a space after it. */
export async function remotePrograms(place: Place, start: string): Promise<string[]> {
  const path =
    place.shell.variables["PATH"] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  let listing = listings.get(place);
  if (listing === undefined || listing.path !== path || Date.now() - listing.at > limits.programListMs) {
    listing = { path, names: list(place, path), at: Date.now() };
    listings.set(place, listing);
  }
  const names = await listing.names;
  return names
    .filter((name) => name.startsWith(start) && /^[\w.+@[-]+$/.test(name))
    .map((name) => `${name} `);
}

async function list({ client }: Place, path: string): Promise<readonly string[]> {
  const directories = [...new Set(path.split(":"))].filter((directory) => directory.startsWith("/"));
  const listed = await Promise.all(
    directories.slice(0, limits.programDirectories).map(async (directory) => {
      try {
        return await client.files.readDirectory(directory);
      } catch {
        return [];
      }
    }),
  );
  const names = listed
    .flat()
    .filter(({ isFile }) => isFile)
    .map(({ fileName }) => fileName);
  return [...new Set([...names, ...builtins])];
}
