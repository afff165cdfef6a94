import { expect, test } from "bun:test";
import fc from "fast-check";
import { ownKeys, parseSnapshot } from "../../../cli/connect/shell-snapshot.ts";

const text = fc.string({ unit: "grapheme" }).map((value) => value.replaceAll("\0", ""));
const name = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_]*$/)
  .filter((word) => !["_", "SHLVL", "PWD", "OLDPWD"].includes(word));

test("what a shell wrote is read back, whatever its values hold", () => {
  fc.assert(
    fc.property(text, text, fc.dictionary(name, text), (directory, typeAhead, variables) => {
      const entries = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
      const file = [`/${directory}`, typeAhead, ...entries].map((part) => `${part}\0`).join("");
      const snapshot = parseSnapshot(new TextEncoder().encode(file));
      expect(snapshot?.cwd).toBe(`/${directory}`);
      expect(snapshot?.typeAhead).toBe(typeAhead);
      expect({ ...snapshot?.variables }).toEqual(variables);
    }),
  );
});

test("any bytes are read or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const snapshot = parseSnapshot(bytes);
      if (snapshot !== undefined) expect(snapshot.cwd.startsWith("/")).toBe(true);
    }),
  );
});

test("keys given back are never other than the last that were typed", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), fc.string({ maxLength: 20 }), (typed, claimed) => {
      const keys = ownKeys(claimed, typed);
      const end = typed.subarray(typed.length - keys.length).map((key) => (key === 13 ? 10 : key));
      expect(keys.map((key) => (key === 13 ? 10 : key))).toEqual(end);
    }),
  );
});
