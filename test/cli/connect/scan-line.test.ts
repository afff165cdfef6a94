import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { scanLine } from "../../../cli/connect/scan-line.ts";

describe("a line that is not finished", () => {
  test.each([
    ["echo 'a", "quote"],
    ['echo "a', "quote"],
    ["echo `a", "quote"],
    ['echo "a\\"', "quote"],
    ["echo a \\", "backslash"],
    ["cat <<E", "heredoc"],
    ["cat <<'E F'\nE", "heredoc"],
    ["cat <<-E\nx", "heredoc"],
    ["cat <<A <<B\nA\n", "heredoc"],
    ["true &&", "operator"],
    ["true ||", "operator"],
    ["ls |", "operator"],
    ["echo \\\\|", "operator"],
    ["echo \\ #'", "quote"],
  ] as const)("%j waits for %s", (text, what) => expect(scanLine(text).unfinished).toBe(what));

  test.each([
    "echo 'a'",
    'echo "a\\"b"',
    "echo \\'",
    "echo it\\'s # it's a comment",
    "cat <<E\nit's\nE",
    "cat <<-E\n\tx\n\tE",
    "cat <<A <<B\nA\nB",
    "cat <<< word",
    "echo $((1 << 2))",
    "echo a#b",
    "echo \\|",
    "echo \\\\\\|",
    "echo a >|",
    "",
  ])("%j does not", (text) => expect(scanLine(text).unfinished).toBeUndefined());
});

describe("a job", () => {
  test.each([
    ["sleep 1 &", "sleep 1"],
    ["sleep 1&", "sleep 1"],
    ["a; b &  ", "a; b"],
    ["a & b &", "a & b"],
    ["sleep 1 & # note", "sleep 1"],
  ])("%j is one", (text, line) => expect(scanLine(text).background).toBe(line));

  test.each(["a && b", "a & b", "a 2>&1", "echo '&'", 'echo "&"', "echo \\&", "a >&", "a &>f"])(
    "%j is none",
    (text) => expect(scanLine(text).background).toBeUndefined(),
  );
});

test("any text is scanned to an end", () => {
  const pieces = fc.array(
    fc.constantFrom(
      "'",
      '"',
      "`",
      "\\",
      "<<",
      "-",
      "E",
      "\n",
      "&",
      "|",
      "#",
      " ",
      "a",
      "((",
      "))",
      ";",
      "<",
      ">",
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(pieces, (list) => {
      scanLine(list.join(""));
    }),
    { numRuns: 1_000 },
  );
});

test("bash agrees about quotes: what we call finished has no open quote there", () => {
  const pieces = fc.array(fc.constantFrom("'", '"', "\\", " ", "a", "#"), { maxLength: 12 });
  fc.assert(
    fc.property(pieces, (list) => {
      const text = list.join("");
      const { stderr } = Bun.spawnSync(["bash", "-n", "-c", text], { stderr: "pipe" });
      const open = stderr.toString().includes("unexpected EOF while looking for matching");
      expect(scanLine(text).unfinished === "quote").toBe(open);
    }),
    { numRuns: 80 },
  );
});
