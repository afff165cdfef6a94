import { absent } from "../difference.ts";
import { type Signature, signEach } from "../signature.ts";

const plainPaths = "plain absolute paths serve clients before 0.150.0 as well";
const noBase = { code: -32602, message: "invalid URI: relative URL without a base" };

/** fs/* without a sandbox. */
export const filesystemDifferences: readonly Signature[] = [
  {
    cases: "fs.getMetadata.*",
    path: "result.createdAtMs",
    reference: 0,
    ours: "<MS>",
    kind: "truer",
    reason: "the file's birth time, which the reference's build gives only without following links",
  },
  {
    cases: "concurrent.create_write_remove_pipelined",
    path: "[2].result.createdAtMs",
    reference: 0,
    ours: "<MS>",
    kind: "truer",
    reason: "the file's birth time",
  },
  ...[
    ["result", {}, absent],
    ["after", "", "hello"],
    ["error", absent, /cannot copy a file onto itself/],
  ].map(
    ([path, reference, ours]): Signature => ({
      cases: "fs.copy.file_onto_itself_*",
      path: String(path),
      reference,
      ours,
      kind: "lossless",
      reason: "the reference empties the file and reports success",
    }),
  ),
  ...signEach(
    { cases: "fs.path.plain_absolute", kind: "beyond", reason: plainPaths },
    { error: [noBase, absent], result: [absent, { path: "<TMP>/a.txt" }] },
  ),
  ...signEach(
    { cases: "fs.watchMissing.params", kind: "beyond", reason: plainPaths },
    { "[5][1].error": [noBase, absent], "[5][1].result": [absent, { watching: false }] },
  ),
  {
    cases: "fs.path.non_utf8_name",
    path: "walk.result.entries[0]",
    reference: absent,
    ours: { path: "file://<TMP>/bad%FF", kind: "file" },
    kind: "truer",
    reason: "a name that is not UTF-8 is listed under its bytes",
  },
  {
    cases: "fs.path.non_utf8_name",
    path: "walk.result.errors[0]",
    reference: /bad%EF%BF%BD/,
    ours: absent,
    kind: "truer",
    reason: "the reference stumbles over a lossy name of its own making",
  },
];
