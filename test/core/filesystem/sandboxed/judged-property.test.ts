import { afterAll, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { Judge } from "../../../../core/filesystem/sandboxed/judge.ts";
import { JudgedFileSystem } from "../../../../core/filesystem/sandboxed/judged-file-system.ts";
import { accessOf } from "../../../../core/sandbox/plan/access-of.ts";
import { everythingGranted } from "../../../../core/sandbox/plan/everything-granted.ts";
import type { PathRule, SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";

// Not below /tmp: the kernel's own realpath has to be the same, whatever that is.
const base = realpathSync(mkdtempSync("/var/tmp/codex-env-property-"));
afterAll(() => rmSync(base, { recursive: true }));

/** Links climb two levels at most: what is written stays in here, and goes with the next tree. */
const around = join(base, "around");
const root = join(around, "it", "tree");

const names = ["a", "b", "c"] as const;
const name = fc.constantFrom(...names);
const relative = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const linkText = fc.oneof(
  relative,
  fc.tuple(fc.constantFrom("..", "../..", "../a/..", "."), relative).map((parts) => parts.join("/")),
  relative.map((path) => join(root, path)),
);
const tree = fc.array(
  fc.record({
    path: relative,
    what: fc.oneof(fc.constant(null), linkText),
  }),
  { minLength: 4, maxLength: 14 },
);
/** Mostly something that was made. */
const asking = fc.record({ other: relative, pick: fc.nat(), made: fc.integer({ min: 0, max: 3 }) });
const askedOf = (
  entries: readonly { readonly path: string }[],
  { other, pick, made }: { readonly other: string; readonly pick: number; readonly made: number },
) => (made > 0 ? (entries[pick % entries.length]?.path ?? other) : other);
const rules = fc.uniqueArray(
  fc.record({ path: relative, access: fc.constantFrom("read", "write", "deny") }),
  { selector: ({ path }) => path, maxLength: 6 },
);
const disk = fc.constantFrom("nothing", "read", "write");

/** Files hold their own place; links hold what they were given. What cannot be made is left out. */
function build(entries: readonly { readonly path: string; readonly what: string | null }[]): void {
  rmSync(around, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  for (const { path, what } of entries) {
    try {
      const place = join(root, path);
      mkdirSync(dirname(place), { recursive: true });
      if (what === null) writeFileSync(place, realpathSync(dirname(place)), { flag: "wx" });
      else symlinkSync(what, place);
    } catch {
      // A file, or another link, is in the way.
    }
  }
}

function planOf(drawn: {
  disk: SandboxPlan["disk"];
  rules: readonly { path: string; access: PathRule["access"] }[];
}): SandboxPlan {
  const made = drawn.rules.map(
    ({ path, access }): PathRule => ({ path: join(root, path), access, stands: "directory", why: "entry" }),
  );
  return {
    ...everythingGranted,
    disk: drawn.disk,
    rules: made.sort((one, other) => (one.path < other.path ? -1 : 1)),
  };
}

/** Where a path really leads, by the kernel; null: nowhere. */
function kernelPath(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}

test("what is read is what the kernel finds there, and only where the plan grants it", async () => {
  await fc.assert(
    fc.asyncProperty(tree, disk, rules, asking, async (entries, drawnDisk, drawnRules, question) => {
      build(entries);
      const plan = planOf({ disk: drawnDisk, rules: drawnRules });
      const judge = new Judge(plan);
      judge.learnDenied({ inodes: new Set(), before: Number.POSITIVE_INFINITY });
      const asked = join(root, askedOf(entries, question));
      const real = kernelPath(asked);
      const read = await outcome(() => new JudgedFileSystem(judge).readFile(asked));
      if (read === null) return;
      if (real === null) throw new Error(`read what is not there: ${asked}`);
      expect(["read", "write"]).toContain(accessOf(plan, real));
      expect(read).toBe(readFileSync(real, "utf8"));
    }),
    { numRuns: 300 },
  );
}, 30_000);

test("what is granted with all that leads to it is read", async () => {
  let reads = 0;
  await fc.assert(
    fc.asyncProperty(tree, asking, async (entries, question) => {
      build(entries);
      const judge = new Judge(planOf({ disk: "read", rules: [] }));
      const asked = join(root, askedOf(entries, question));
      const real = kernelPath(asked);
      const read = await outcome(() => new JudgedFileSystem(judge).readFile(asked));
      const expected = real === null ? null : await outcome(() => readFileSync(real));
      expect(read).toBe(expected);
      if (read !== null) reads++;
    }),
    { numRuns: 300 },
  );
  expect(reads).toBeGreaterThan(10);
}, 30_000);

test("what is written lies where the plan grants writing, and nowhere else", async () => {
  let writes = 0;
  await fc.assert(
    fc.asyncProperty(tree, disk, rules, asking, async (entries, drawnDisk, drawnRules, question) => {
      build(entries);
      const plan = planOf({ disk: drawnDisk, rules: drawnRules });
      const asked = join(root, askedOf(entries, question));
      const files = new JudgedFileSystem(new Judge(plan));
      const wrote = await outcome(async () => {
        await files.writeFile(asked, Buffer.from("written by the property"));
        return Buffer.alloc(0);
      });
      const real = kernelPath(asked);
      const isThere =
        real !== null && (await outcome(() => readFileSync(real))) === "written by the property";
      expect(wrote !== null).toBe(isThere);
      if (real === null || !isThere) return;
      expect(accessOf(plan, real)).toBe("write");
      writes++;
    }),
    { numRuns: 300 },
  );
  expect(writes).toBeGreaterThan(3);
}, 30_000);

async function outcome(read: () => Uint8Array | Promise<Uint8Array>): Promise<string | null> {
  try {
    return Buffer.from(await read()).toString("utf8");
  } catch {
    return null;
  }
}
