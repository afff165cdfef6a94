import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, rmSync } from "node:fs";
import { Workspace } from "../../../core/sandbox/plan/workspace.ts";
import profiles from "../../../fixtures/sandbox-profiles.json";
import { absent, denied, readOnly, SandboxedServer } from "./sandboxed-scope.ts";

const server = new SandboxedServer();
afterAll(() => server[Symbol.asyncDispose]());

/** Where ours is safer or truer than the reference, and why; the same list as the plan's, here by what was really done. */
const differences: readonly {
  readonly why: string;
  readonly of: RegExp;
  readonly ours: readonly string[];
}[] = [
  {
    why: "the reference answers ok although nothing was made: a placeholder stood there, or its own vanishing root",
    of: /^(?!1 |2 |3 |10 |11 |12 ).* · (mkdir ws\/\.(codex|aws)|mkdir ws\/later2\/x|write \/tmp\/sbx\.txt) · ok$/,
    ours: [readOnly, absent],
  },
  {
    why: "the reference's placeholder is a directory; ours needs none",
    of: / · write ws\/\.agents · -32603 Is a directory/,
    ours: [readOnly],
  },
  {
    why: "the reference's placeholder is a file; ours needs none",
    of: /^28 .* Not a directory/,
    ours: [readOnly],
  },
  {
    why: "the reference leaves readable what lies below the depth that it scans to",
    of: /^9c .* · read ws\/sub\/deep\/x\.env · ok/,
    ours: [denied],
  },
  {
    why: "a switch of the reference that breaks itself: ours does as without it",
    of: /^24 .* panicked/,
    ours: ["ok", readOnly],
  },
];

const recorded = profiles.filter(({ results }) => results !== undefined);

test("the table holds all that was recorded, each profile with 18 operations", () => {
  expect(recorded).toHaveLength(33);
  expect(recorded.every(({ results }) => Object.keys(results).length === 18)).toBe(true);
});

describe.each(recorded)("profile $name", ({ name, sandbox, results }) => {
  test("answers as the reference does, and leaves what it leaves", async () => {
    using workspace = new Workspace();
    using connection = server.connect();
    const placed: unknown = JSON.parse(
      JSON.stringify(sandbox)
        .replaceAll("/s/", `${workspace.base}/s/`)
        .replaceAll("~/sbx/", "~/s/")
        .replaceAll("file:///root", `file://${workspace.base}`),
    );
    const mistakes: string[] = [];
    for (const [operation, answer] of Object.entries(results)) {
      const [verb, where = ""] = operation.split(" ");
      const path = where.startsWith("/") ? where : `${workspace.base}/s/${where}`;
      const before = existsSync(path);
      const said =
        verb === "read"
          ? await connection.read(path, placed)
          : verb === "write"
            ? await connection.write(path, "new", placed)
            : await connection.make(path, placed);
      if (said === "ok" && !existsSync(path)) mistakes.push(`${operation}: ok, and nothing is there`);
      if (said !== "ok" && verb !== "read" && existsSync(path) !== before)
        mistakes.push(`${operation}: half done`);
      const difference = differences.find(({ of }) => of.test(`${name} · ${operation} · ${answer}`));
      if (said !== answer && !difference?.ours.includes(said))
        mistakes.push(`${operation}: ${said}, not ${answer}`);
      if (verb === "write" && where.startsWith("/")) rmSync(path, { force: true });
    }
    expect(mistakes).toEqual([]);
  }, 30_000);
});
