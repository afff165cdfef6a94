import { absent as nothing } from "../difference.ts";
import type { Signature } from "../signature.ts";

const readOnly = "-32603 Read-only file system (os error 30)";
const absent = "-32004 No such file or directory (os error 2)";
const denied = "-32600 Permission denied (os error 13)";

type Shape = Pick<Signature, "kind" | "reason">;

const noPlaceholder: Shape = {
  kind: "safer",
  reason:
    "a protected name is refused by its name; the reference has a directory of its own there, and says ok or what that is",
};
const noLoss: Shape = {
  kind: "truer",
  reason:
    "the reference answers ok and what was made is lost with its helper; ours says why it cannot be made",
};
const namesMember: Shape = {
  kind: "beyond",
  reason: "a malformed sandbox is answered with the path of the wrong member beside the reference's words",
};
const switchWorks: Shape = {
  kind: "truer",
  reason:
    "a switch that breaks the reference's own launcher chooses nothing here: the profile is enforced as any other",
};

const answered = (cases: string, operation: string, pair: readonly [unknown, unknown], shape: Shape) => ({
  cases: `sandbox.profile.${cases}`,
  path: `results.${operation}`,
  reference: pair[0],
  ours: pair[1],
  ...shape,
});

/** Requests under a sandbox, and what is told of a process's denials; held against the record of the reference. */
export const sandboxDifferences: readonly Signature[] = [
  ...[
    ["fs.readFile.sandbox_empty", "error.data"] as const,
    ["start.bad.sandbox_empty_object", "start.error.data"] as const,
  ].map(([cases, path]) => ({
    cases,
    path,
    reference: nothing,
    ours: { member: "sandbox.permissions" },
    ...namesMember,
  })),
  answered("*", "mkdir ws/.codex", ["ok", readOnly], noPlaceholder),
  answered("*", "mkdir ws/.aws", ["ok", readOnly], noPlaceholder),
  answered("*", "write ws/.agents", ["-32603 Is a directory (os error 21)", readOnly], noPlaceholder),
  answered("28 *", "mkdir ws/later2/x", ["-32603 Not a directory (os error 20)", readOnly], noPlaceholder),
  answered("*", "mkdir ws/later2/x", ["ok", readOnly], noLoss),
  answered("*", "write /tmp/sbx.txt", ["ok", absent], noLoss),
  answered("9c *", "read ws/sub/deep/x.env", ["ok:SECRET=1", denied], {
    kind: "safer",
    reason: "below the depth that the reference scans to the pattern still denies: the judge needs no scan",
  }),
  answered(
    "24 *",
    "*",
    [/^-32603 fs sandbox helper failed with status exit status: 101: /, /^(ok$|-32603 Read-only)/],
    switchWorks,
  ),
  {
    cases: "sandbox.profile.24 *",
    path: "left.later*",
    reference: false,
    ours: true,
    ...switchWorks,
  },
];
