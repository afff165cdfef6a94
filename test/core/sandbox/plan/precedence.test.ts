import { afterAll, describe, expect, test } from "bun:test";
import { symlinkSync } from "node:fs";
import fc from "fast-check";
import { accessOf, type Verdict } from "../../../../core/sandbox/plan/access-of.ts";
import { planSandbox } from "../../../../core/sandbox/plan/plan-sandbox.ts";
import type { Access, PolicyEntry } from "../../../../core/sandbox/policy/sandbox-policy.ts";
import { SandboxRefusal } from "../../../../core/sandbox/sandbox-refusal.ts";
import { deniedGlob, entry, machine, managed } from "./policies.ts";
import { Workspace } from "./workspace.ts";

const workspace = new Workspace();
afterAll(() => workspace[Symbol.dispose]());
const { base } = workspace;
workspace.make("s/ws/sub/.git/hooks");
symlinkSync("sub/deep", `${base}/s/ws/link`);

const there = [
  "",
  "/s",
  "/s/ws",
  "/s/ws/sub",
  "/s/ws/sub/deep",
  "/s/ws/.git",
  "/s/ws/sub/.git/hooks",
  "/s/out",
].map((path) => base + path);
const files = ["/s/ws/a.txt", "/s/ws/sub/deep/x.env", "/s/ws/.git/config"].map((path) => base + path);
const missing = ["/s/ws/later", "/s/ws/later2/x", "/s/ws/.codex", "/s/ws/sub/.aws", "/s/nope"].map(
  (path) => base + path,
);
const link = `${base}/s/ws/link`;
const asked = [
  ...there,
  ...files,
  ...missing,
  `${base}/s/ws/sub/.git/x`,
  `${base}/s/ws/.codexes`,
  link,
  "/",
  "/etc/x",
];

const access = fc.constantFrom<Access>("read", "write", "deny");
const place = fc.oneof(
  fc.constant<PolicyEntry["target"]>({ kind: "root" }),
  fc
    .constantFrom(...there, ...there, ...files, ...missing, link)
    .map((path) => ({ kind: "path", path }) as const),
);
const entries = fc.array(
  fc.record({ target: place, access }).map(({ target, access }): PolicyEntry => entry(target, access)),
  { maxLength: 8 },
);

/** Globs, and the same as expressions. */
const patterns: readonly (readonly [string, RegExp])[] = [
  [`${base}/s/ws/**/*.env`, /\/s\/ws\/(.*\/)?[^/]*\.env$/],
  [`${base}/s/ws/s*`, /\/s\/ws\/s[^/]*$/],
  [`${base}/s/ws/sub/**`, /\/s\/ws\/sub\/.+$/],
  [`${base}/s/**/.git`, /\/s\/(.*\/)?\.git$/],
];

function withoutLink(given: readonly PolicyEntry[]): readonly PolicyEntry[] {
  return given.filter(({ target }) => target.kind !== "path" || target.path !== link);
}

/** What entries say of a path, in the fewest words. */
function model(given: readonly PolicyEntry[], path: string): Verdict {
  const beginnings = path.split("/").map((_, index, names) => names.slice(0, index + 1).join("/"));
  const denied = patterns
    .filter(([pattern]) => given.some(({ target }) => target.kind === "glob" && target.pattern === pattern))
    .flatMap(([, expression]) => beginnings.filter((beginning) => expression.test(beginning)));
  const named = [
    ...given
      .filter(({ target }) => target.kind !== "glob")
      .map(({ target, access }) => ({ access, path: realOf(target) })),
    ...denied.map((at) => ({ access: "deny" as const, path: at })),
  ];
  if (isEverything(given)) return "write";
  const plain = fold(named, path);
  const roots = named.filter(
    (one) => one.access === "write" && (one.path === "/" || there.includes(one.path)),
  );
  const guarded = roots
    .filter((root) => fold(named, root.path) === "write")
    .flatMap((root) =>
      [".git", ".agents", ".codex", ".aws"].map((name) => `${root.path === "/" ? "" : root.path}/${name}`),
    )
    .filter((name) => !named.some((one) => one.path === name && one.access === "write"));
  const links =
    given.some(({ target }) => target.kind === "path" && target.path === link) &&
    fold(named, link) === "write";
  const linkDenied = given.some(
    (one) => one.access === "deny" && one.target.kind === "path" && one.target.path === link,
  );
  if (links && within(path, link)) return linkDenied ? "deny" : "read";
  if (guarded.length === 0) return plain;
  return fold([...named, ...guarded.map((name) => ({ access: "read" as const, path: name }))], path);
}

/** Whether an entry grants writing, where there is none around, by way of a link that may be written. */
function grantsByLink(given: readonly PolicyEntry[]): boolean {
  if (isEverything(given)) return false;
  const named = given.map(({ target, access }) => ({ access, path: realOf(target) }));
  if (fold(named, link) !== "write") return false;
  if (fold(named, `${base}/s/ws/sub`) === "write") return false;
  return given.some(
    ({ target, access }) => target.kind === "path" && target.path === link && access === "write",
  );
}

function isEverything(given: readonly PolicyEntry[]): boolean {
  const root = given.some(({ target, access }) => target.kind === "root" && access === "write");
  return root && !given.some((one) => narrows(one, given));
}

function narrows({ target, access }: PolicyEntry, given: readonly PolicyEntry[]): boolean {
  if (access !== "read") return access === "deny";
  return !given.some((other) => other.access === "write" && Bun.deepEquals(other.target, target));
}

interface Named {
  readonly path: string;
  readonly access: Access;
}

function fold(named: readonly Named[], path: string): Verdict {
  const strength = { read: 0, write: 1, deny: 2 };
  const above = named
    .filter((one) => within(path, one.path) && !(missing.includes(one.path) && one.access === "write"))
    .sort(
      (one, other) => one.path.length - other.path.length || strength[one.access] - strength[other.access],
    );
  let verdict: Verdict = "hidden";
  for (const [index, one] of above.entries()) {
    // Of several on one path the last is the strongest.
    if (above[index + 1]?.path === one.path) continue;
    if (one.path === "/") verdict = one.access === "deny" ? "hidden" : one.access;
    else if (one.access !== "read" || verdict !== "deny") verdict = one.access;
  }
  return verdict;
}

function realOf(target: PolicyEntry["target"]): string {
  if (target.kind !== "path") return "/";
  return target.path === link ? `${base}/s/ws/sub/deep` : target.path;
}

function within(path: string, place: string): boolean {
  return path === place || place === "/" || path.startsWith(`${place}/`);
}

describe("what a plan says of a path", () => {
  test("agrees with a model of precedence, whatever the policy", () => {
    fc.assert(
      fc.property(entries, (given) => {
        const make = () => planSandbox(managed(given), machine());
        if (grantsByLink(given)) {
          expect(make).toThrow(SandboxRefusal);
          return;
        }
        const plan = make();
        for (const path of asked) expect([path, accessOf(plan, path)]).toEqual([path, model(given, path)]);
      }),
      { numRuns: 500 },
    );
  });

  test("agrees with it where globs deny as well, whether or not what matches was looked for", () => {
    const globs = fc.uniqueArray(fc.constantFrom(...patterns), { maxLength: 2 });
    fc.assert(
      fc.property(entries, globs, (given, denied) => {
        const policy = managed([...withoutLink(given), ...denied.map(([pattern]) => deniedGlob(pattern))]);
        const mounts = planSandbox(policy, machine());
        const judgement = planSandbox(policy, machine(), "judgement");
        for (const path of asked) {
          const expected = model(policy.entries, path);
          const said = [mounts, judgement].map((plan) => accessOf(plan, path));
          expect([path, ...said]).toEqual([path, expected, expected]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("does not depend on the order of the entries", () => {
    const shuffled = entries.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
    );
    fc.assert(
      fc.property(shuffled, ([given, other]) => {
        fc.pre(!grantsByLink(given));
        expect(planSandbox(managed(other), machine())).toEqual(planSandbox(managed(given), machine()));
      }),
      { numRuns: 200 },
    );
  });

  test("comes from rules that are sorted, each path once, none that says what is said already", () => {
    fc.assert(
      fc.property(entries, (given) => {
        fc.pre(!grantsByLink(given));
        const { rules, disk } = planSandbox(managed(given), machine());
        const paths = rules.map(({ path }) => path);
        expect(paths).toEqual([...new Set(paths)].sort());
        for (const rule of rules) {
          const around =
            rules.findLast(({ path }) => path !== rule.path && within(rule.path, path))?.access ?? disk;
          if (rule.access !== "write" && rule.stands !== "link") expect(rule.access).not.toBe(around);
        }
      }),
      { numRuns: 200 },
    );
  });
});
