import { afterAll, describe, expect, test } from "bun:test";
import { closeSync, openSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import fc from "fast-check";
import { PathResolver } from "../../../../core/sandbox/plan/resolve-path.ts";
import { machine } from "./policies.ts";
import { Workspace } from "./workspace.ts";

const workspace = new Workspace();
afterAll(() => workspace[Symbol.dispose]());
const { base } = workspace;
const places = ["s/ws/one", "s/ws/two", "s/ws/sub/three", "s/out/four"];

const name = fc.constantFrom(
  "one",
  "two",
  "sub",
  "three",
  "deep",
  "x.env",
  "four",
  "..",
  ".",
  "",
  "out",
  "ws",
  "no",
);
const relative = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join("/"));
const target = fc.oneof(
  relative,
  relative.map((path) => `${base}/s/${path}`),
);

describe("a resolved path", () => {
  test("is the kernel's own, however links lead to each other", () => {
    fc.assert(
      fc.property(
        fc.tuple(target, target, target, target),
        fc.array(relative, { maxLength: 8 }),
        (targets, asked) => {
          for (const [index, place] of places.entries()) {
            rmSync(`${base}/${place}`, { force: true });
            symlinkSync(targets[index] || ".", `${base}/${place}`);
          }
          const resolver = new PathResolver(machine());
          for (const path of asked) {
            const resolved = resolver.resolve(`${base}/s/ws/${path}`);
            const real = realPath(`${base}/s/ws/${path}`);
            if (real === null) expect([path, resolved.fact.stands]).toEqual([path, "missing"]);
            else
              expect([path, resolved.path, resolved.fact.stands !== "missing"]).toEqual([path, real, true]);
            // Resolved once more it is itself: nothing but its last name can be a link.
            if (real !== null)
              expect(resolver.resolve(resolved.path)).toMatchObject({ path: real, links: [] });
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("of what is missing is real as far as anything is there", () => {
    symlinkSync("sub", `${base}/s/ws/way`);
    const resolver = new PathResolver(machine());
    expect(resolver.resolve(`${base}/s/ws/way/no/./x/../y`)).toEqual({
      path: `${base}/s/ws/sub/no/y`,
      fact: { stands: "missing" },
      links: [{ path: `${base}/s/ws/way`, target: "sub", last: false }],
    });
    expect(resolver.resolve("/..//.")).toMatchObject({ path: "/", links: [] });
    expect(resolver.resolve(`${base}/s/ws/a.txt/below`).fact.stands).toBe("missing");
    expect(resolver.resolve(`${base}/s/ws/a.txt/../sub`).fact.stands).toBe("missing");
  });
});

const oPath = 0o10000000;

/** Opened without being read: the kernel follows every link, and tells where it came to. */
function realPath(path: string): string | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, oPath);
  } catch {
    return null;
  }
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } finally {
    closeSync(descriptor);
  }
}
