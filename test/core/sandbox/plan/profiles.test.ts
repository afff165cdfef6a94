import { afterAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { accessOf } from "../../../../core/sandbox/plan/access-of.ts";
import { planSandbox } from "../../../../core/sandbox/plan/plan-sandbox.ts";
import type { SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { withMinimal } from "../../../../core/sandbox/plan/with-minimal.ts";
import profiles from "../../../fixtures/sandbox-profiles.json";
import { machine, policyOf } from "./policies.ts";
import { Workspace } from "./workspace.ts";

const workspace = new Workspace();
afterAll(() => workspace[Symbol.dispose]());

const denied = "-32600 Permission denied (os error 13)";
const absent = "-32004 No such file or directory (os error 2)";
const readOnly = "-32603 Read-only file system (os error 30)";

/** Where the plan says something else than the reference's answer, and why. */
const differences: readonly { readonly why: string; readonly of: RegExp; readonly ours: string }[] = [
  {
    why: "the reference answers ok although nothing was made: a placeholder stood there, or its own vanishing root",
    of: /^(?!1 |2 |3 |10 |11 |12 ).* · (mkdir ws\/\.(codex|aws)|mkdir ws\/later2\/x|write \/tmp\/sbx\.txt) · ok$/,
    ours: "an error",
  },
  {
    why: "the reference's placeholder is a directory; ours needs none",
    of: / · write ws\/\.agents · -32603 Is a directory/,
    ours: readOnly,
  },
  {
    why: "the reference's placeholder is a file; ours needs none",
    of: /^28 .* Not a directory/,
    ours: readOnly,
  },
  {
    why: "the reference leaves readable what lies below the depth that it scans to",
    of: /^9c .* · read ws\/sub\/deep\/x\.env · ok/,
    ours: denied,
  },
  {
    why: "a switch of the reference that breaks itself",
    of: /^24 .* panicked/,
    ours: "the same as without the switch",
  },
];

describe.each(profiles.filter(({ results }) => results !== undefined))(
  "profile $name",
  ({ name, sandbox, results }) => {
    const policy = policyOf(placed(sandbox));
    const plan =
      policy.kind === "managed"
        ? planSandbox(withMinimal(policy), machine({ temporaryDirectory: null }))
        : null;

    test.each(Object.entries(results))("%s: %s", (operation, answer) => {
      const said = saidOf(plan, operation);
      const recorded = answer.startsWith("ok") ? "ok" : answer;
      const difference =
        said === recorded
          ? undefined
          : differences.find(({ of }) => of.test(`${name} · ${operation} · ${answer}`));
      if (difference === undefined) expect(said).toBe(recorded);
      else if (difference.ours.startsWith("-")) expect(said).toBe(difference.ours);
      else if (difference.ours === "an error") expect([readOnly, absent]).toContain(said);
    });
  },
);

/** What the plan lets a request do, in the words that the answer would have. */
function saidOf(plan: SandboxPlan | null, operation: string): string {
  const [verb = "", place = ""] = operation.split(" ");
  const path = place.startsWith("/") ? place : `${workspace.base}/s/${place}`;
  if (plan === null || (verb === "read" ? plan.fullDiskRead : plan.fullDiskWrite)) return "ok";
  const access = accessOf(plan, path);
  if (access === "hidden") return absent;
  if (access === "write") return "ok";
  if (verb === "read") return access === "read" ? "ok" : denied;
  return access === "deny" && existsSync(path) ? denied : readOnly;
}

/** The recorded sandbox, over this test's own tree. */
function placed(sandbox: unknown): unknown {
  const text = JSON.stringify(sandbox)
    .replaceAll("file:///s/", `file://${workspace.base}/s/`)
    .replaceAll('"/s/', `"${workspace.base}/s/`)
    .replaceAll("~/sbx/", "~/s/")
    .replaceAll('"file:///root"', `"file://${workspace.base}"`);
  return JSON.parse(text);
}
