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
  expect(cycles()).toEqual([]);
});

/** Every cycle, as the path that closes it. */
function cycles(): readonly string[] {
  const found: string[] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file].join(" -> "));
      return;
    }
    if (finished.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
    finished.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}
