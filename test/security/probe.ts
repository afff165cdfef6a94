import { readFileSync } from "node:fs";
import { join } from "node:path";
import { judged } from "./acts.ts";
import type { Outcome } from "./attack.ts";
import type { Scene } from "./scene.ts";

const texts = new Map<string, string>();

function textOf(name: string): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const text = readFileSync(join(import.meta.dir, "probes", `${name}.py`), "utf8");
  texts.set(name, text);
  return text;
}

/** argv of a function of probes/NAME.py; the text goes along, so that no file of ours need be readable. */
export function probe(file: string, name: string, ...args: readonly (string | number)[]): readonly string[] {
  return [
    "/usr/bin/python3",
    "-ISEc",
    `${textOf("prelude")}\n${textOf(file)}\nmain()`,
    name,
    ...args.map(String),
  ];
}

/** Runs a probe under the attempt's sandbox; it prints THROUGH or HELD, and why. */
export async function probes(scene: Scene, argv: readonly string[], members = {}): Promise<Outcome> {
  const ran = await scene.run(argv, members);
  return judged(ran, ({ output }) => /THROUGH.*/.exec(output)?.[0]);
}
