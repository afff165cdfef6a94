import { scanToml, type TomlPair, type TomlSection, type TomlValue } from "./scan-toml.ts";

/** Members and items from the top of a document. */
export type TomlPath = readonly (string | number)[];

/** A place in a file as people and editors count it, from 1. */
export interface TomlPosition {
  readonly line: number;
  readonly column: number;
}

interface Node {
  readonly at: number;
  readonly children: Map<string | number, Node>;
}

/** Where the key of a path stands in a valid document, or the nearest thing around it that is written down. */
export function positionOf(text: string, path: TomlPath): TomlPosition {
  let node = indexOf(scanToml(text));
  for (const step of path) {
    const child = node.children.get(step);
    if (child === undefined) break;
    node = child;
  }
  return positionAt(text, node.at);
}

export function positionAt(text: string, offset: number): TomlPosition {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

function indexOf(sections: readonly TomlSection[]): Node {
  const root: Node = { at: 0, children: new Map() };
  for (const section of sections) {
    let node = root;
    for (const [index, key] of section.keys.entries()) {
      node = descend(node, key.name, section.start);
      const isLast = index === section.keys.length - 1;
      node = isLast && section.kind === "array" ? append(node, section.start) : lastItem(node);
    }
    for (const pair of section.pairs) addPair(node, pair);
  }
  return root;
}

function descend(node: Node, name: string | number, at: number): Node {
  const known = node.children.get(name);
  if (known !== undefined) return known;
  const child = { at, children: new Map() };
  node.children.set(name, child);
  return child;
}

function append(node: Node, at: number): Node {
  return descend(node, node.children.size, at);
}

/** The table that further headers speak of, where a node is an array of tables. */
function lastItem(node: Node): Node {
  return node.children.get(node.children.size - 1) ?? node;
}

function addPair(node: Node, pair: TomlPair): void {
  let target = node;
  for (const key of pair.keys) target = descend(target, key.name, key.start);
  addValue(target, pair.value);
}

function addValue(node: Node, value: TomlValue): void {
  if (value.kind === "table") for (const pair of value.pairs) addPair(node, pair);
  if (value.kind !== "array") return;
  for (const [index, item] of value.items.entries()) addValue(descend(node, index, item.start), item);
}
