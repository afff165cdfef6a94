import { describe, expect, test } from "bun:test";
import { readCorpus } from "./corpus.ts";
import { outcomeOf } from "./outcome.ts";

/** Begins a method: its valid params. A name may carry a note behind a space. */
interface Base {
  readonly method: string;
  readonly base: unknown;
}

/** One change: which member (null: the params themselves), to which literal (null: left out), and the reference's verdict. */
type Change = readonly [path: string | null, literal: string | null, outcome: string | null];

const placeholder = "<changed>";
/** Params that the reference tells apart inside permissions, and we do not. See decoding-differences. */
const coarse = /permissions|^networkProxy|^managedNetwork/;
const differences = new Map([
  [
    "sandbox/permissions/file_system/type -0",
    "the reference takes a number as the place of a name in its list of names",
  ],
  ["writeId null", "clients up to 0.131.0 send none"],
]);

describe("params with one member changed, compared with what the reference was seen to answer", () => {
  const rows = readCorpus<Base | Change>("mutated-params");
  let base: Base = { method: "", base: null };
  const byMethod = new Map<Base, Change[]>();
  for (const row of rows) {
    if ("method" in row) {
      base = row;
      byMethod.set(base, []);
    } else {
      byMethod.get(base)?.push(row);
    }
  }
  for (const [{ method, base: params }, changes] of byMethod) {
    test(`${method}: ${changes.length} changes`, () => {
      for (const [path, literal, outcome] of changes) {
        if (differences.has(`${path} ${literal}`)) continue;
        const wire = method.split(" ")[0];
        const text = `{"id":7,"method":"${wire}","params":${change(params, path, literal)}}`;
        const ours = outcomeOf(text);
        if (path !== null && coarse.test(path))
          expect([text, ours === "fits"]).toEqual([text, outcome === null]);
        else expect([text, ours]).toEqual([text, outcome === null ? "fits" : `params: ${outcome}`]);
      }
    });
  }
});

function change(params: unknown, path: string | null, literal: string | null): string {
  if (path === null) return literal ?? JSON.stringify(params);
  const changed = structuredClone(params);
  const keys = path.split("/");
  const last = keys.pop() ?? "";
  // The paths of the corpus lead through objects and arrays only.
  const parent = keys.reduce((value, key) => Reflect.get(value as object, key), changed) as object;
  if (literal === null && Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (literal === null) Reflect.deleteProperty(parent, last);
  else Reflect.set(parent, last, placeholder);
  return JSON.stringify(changed).replace(`"${placeholder}"`, () => literal ?? "");
}
