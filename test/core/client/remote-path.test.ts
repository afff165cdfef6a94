import { expect, test } from "bun:test";
import fc from "fast-check";
import { pathToUri, resolveRemote, uriToPath } from "../../../core/client/remote-path.ts";

const names = fc.string({ unit: "grapheme", minLength: 1 }).filter((name) => !/[/\0]/.test(name));

test("a path survives its URI", () => {
  fc.assert(
    fc.property(fc.array(names), (parts) => {
      const path = `/${parts.join("/")}`;
      expect(uriToPath(pathToUri(path))).toBe(path);
      expect(pathToUri(path)).toMatch(/^file:\/\/[\x21-\x7e]*$/);
    }),
  );
});

test.each([
  ["/a", "b", "/a/b"],
  ["/a", "/b", "/b"],
  ["/a/b", "../../../c", "/c"],
  ["/", ".", "/"],
  ["/a", "", "/a"],
  ["/a", "b//c/./d/", "/a/b/c/d"],
])("from %s, %s is %s", (from, path, resolved) => expect(resolveRemote(from, path)).toBe(resolved));
