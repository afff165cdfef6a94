import { expect, test } from "bun:test";
import { mayImport, roomOf } from "./rooms.ts";
import { sourceImports } from "./source-imports.ts";

const graph = await sourceImports();

test("the import graph, read from the sources, is not empty", () => {
  expect(graph.size).toBeGreaterThan(50);
  expect(graph.get("cli/main.ts")).toContain("cli/command-line.ts");
});

test("every source file stands in a room of the architecture", () => {
  expect([...graph.keys()].filter((file) => roomOf(file) === undefined)).toEqual([]);
});

test("imports point one way, from the command line down to the protocol", () => {
  const wrong: string[] = [];
  for (const [file, targets] of graph) {
    for (const target of targets) {
      const [from, to] = [roomOf(file), roomOf(target)];
      const outside = to === undefined && target !== "package.json" && !target.startsWith("dist/");
      if (outside || (from && to && !mayImport(from, to))) wrong.push(`${file} -> ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("no file imports itself by way of others", () => {
  expect(cyclesOf(graph)).toEqual([]);
});

// Of the command line and the server some parts still know each other.
test("no part of a room below the server, a folder in it, imports itself by way of others", () => {
  const parts = new Map<string, string[]>();
  for (const [file, targets] of graph) {
    const from = partOf(file);
    if (from === undefined) continue;
    const to = targets
      .filter((target) => roomOf(target) === roomOf(file))
      .flatMap((target) => partOf(target) ?? []);
    parts.set(from, [...(parts.get(from) ?? []), ...to.filter((part) => part !== from)]);
  }
  expect(parts.get("core/filesystem/scope")).toContain("core/filesystem/sandboxed");
  expect(cyclesOf(parts)).toEqual([]);
});

function partOf(file: string): string | undefined {
  const room = roomOf(file);
  if (room === undefined || room === "cli" || room === "core/server") return undefined;
  const [folder, inner] = file.slice(room.length + 1).split("/");
  return inner === undefined ? undefined : `${room}/${folder}`;
}

/** Every cycle, as the path that closes it. */
function cyclesOf(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found: string[] = [];
  const finished = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) {
      found.push([...path.slice(path.indexOf(name)), name].join(" -> "));
      return;
    }
    if (finished.has(name)) return;
    for (const target of imports.get(name) ?? []) visit(target, [...path, name]);
    finished.add(name);
  };
  for (const name of imports.keys()) visit(name, []);
  return found;
}
