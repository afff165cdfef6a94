import { dirname, join, relative } from "node:path";
import { Glob } from "bun";

/** The checkout under test. */
export const root: string = join(import.meta.dir, "../..");

/** Every TypeScript file of the product, each with the files of the checkout that it imports, types included. */
export async function sourceImports(): Promise<ReadonlyMap<string, readonly string[]>> {
  const graph = new Map<string, readonly string[]>();
  for await (const name of new Glob("{cli,core}/**/*.ts").scan({ cwd: root })) {
    const text = await Bun.file(join(root, name)).text();
    graph.set(name, importedBy(name, text));
  }
  return graph;
}

const importing =
  /(?:^|\n)\s*(?:import|export)\b[^"';]*?\bfrom\s*"([^"]+)"|\bimport\s*\(\s*"([^"]+)"|(?:^|\n)\s*import\s+"([^"]+)"/g;

function importedBy(name: string, text: string): readonly string[] {
  const found: string[] = [];
  for (const [, named, dynamic, bare] of text.matchAll(importing)) {
    const target = named ?? dynamic ?? bare;
    if (target?.startsWith(".")) found.push(relative(root, join(root, dirname(name), target)));
  }
  return found;
}
