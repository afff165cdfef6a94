import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { LineScanner } from "../../../cli/connect/line-scanner.ts";
import { scanLine } from "../../../cli/connect/scan-line.ts";

/** What bash makes of a text without running it. */
function bash(text: string): "complete" | "incomplete" | "refused" {
  const run = Bun.spawnSync(["bash", "-n", "-c", `${text}\n`], { stderr: "pipe" });
  const told = run.stderr.toString();
  // For an error within [[ the exit code is 0.
  if (run.exitCode === 0 && told === "") return "complete";
  return /unexpected (end of file|EOF)/.test(told) ? "incomplete" : "refused";
}

const complete = [
  "for x in a b; do echo $x; done",
  "for x in a b\ndo\n  echo $x\ndone",
  "for x do echo; done",
  "for x\nin a\ndo echo; done",
  "for ((i = 0; i < 3; i++)); do echo $((i << 1)); done",
  "for ((;;)) { break; }",
  "while read -r x; do echo $x; done <file",
  "until false; do break; done &",
  "select x in a b; do break; done",
  "while a; do while b; do c; done done",
  "if true; then echo; fi",
  "if a\nthen b\nelif c; then d\nelse e\nfi",
  "if ! [[ -n $x && $y == @(a|b) ]]; then a; fi",
  "if ((1)) then a; fi",
  "if { a; } then ( b ) else [[ c ]] fi",
  "case $x in a) b ;; (c|d) e ;& *) f ;; esac",
  "case $x\nin\n  a)\n    b\n    ;;\n  *) c\nesac",
  "case if in if) echo fi ;; esac",
  "case $x in [ab]) c ;; esac",
  "case $x in esac",
  "x=$(case a in a) echo 'b)';; esac)",
  "{ a; b; }",
  "{ a\n}",
  "( a; b )",
  "(a\n)",
  "((a = 1 << 2))",
  "((a); (b))",
  "echo $((1 + (2 * 3)))",
  "f() { echo; }",
  "f ()\n{\n  echo\n}",
  "function f { echo; }",
  "function f() ( echo )",
  "f() if a; then b; fi",
  "a=(if for\n  do # a comment (\n)",
  "declare -a x=(1 2)",
  "echo for if do while case {",
  "echo a | grep if && echo then",
  "echo 'if' \"for\" \\if",
  "'if' a; \\while b; \"for\" c",
  "if=1; echo $if",
  "A=1 if",
  "# if true; then",
  "echo a # for x in",
  "a; # {\nb",
  "echo a#if; true",
  "echo { a",
  "echo }",
  "time { a; }",
  "! { a; }",
  'echo "$(if a; then echo "b)"; fi)"',
  'echo "$(echo "; if x")"',
  "diff <(a; b) >(c)",
  "echo $(a $(b `c`) d)",
  "echo $" + "{x:-$(a)} $" + "{#x} $" + "{x#'}'}",
  'echo "$' + "{x#'\"'}\"",
  "echo $'it\\'s'",
  "[[ a == b ]]",
  "[[ if && for ]]",
  "[[ $x =~ ^a(b|c)$ ]] && echo",
  "for x in a; do cat <<E; done\nif true; then (\nE",
  "{ cat <<E\n}\nE\n}",
  "{ a; } >f 2>&1 | b",
  "2>f a; a >&2 &>f",
  "a && \n\n b",
  "a |& b",
];

const incomplete = [
  "for x in a b",
  "for x",
  "for x in a b; do",
  "for x in a; do echo $x",
  "for x in a; do echo $x; # done",
  "for ((i = 0; i < 3; i++))",
  "for ((i = 0;",
  "while read -r x",
  "while :; do if a; then b",
  "until a; do\nb",
  "select x in a; do",
  "while a; do while b; do c; done",
  "if true",
  "if true; then",
  "if a; then b; else",
  "if a; then b; elif c",
  "if a; then echo fi",
  "if [[ a ]]",
  "a && if b; then c",
  "a; if b",
  "case $x",
  "case $x in",
  "case $x in a) b",
  "case $x in a) b ;;",
  "case $x in (a) b ;; c) if d; then e",
  "{ a",
  "{ a; b",
  "{ echo }",
  "! { a",
  "time { a",
  "( a",
  "( a; b",
  "((a +",
  "(a; (b)",
  "f()",
  "f() {",
  "f() {\n  if a; then b; fi",
  "function f",
  "function f {",
  "echo $(if a; then b",
  "echo $(",
  "echo $((1 +",
  "x=$(case a in a) b",
  "diff <(a",
  "a=(1 2",
  "echo $" + "{x",
  "{ cat <<E\n}\nE",
  "{ a; } && {",
  "a | while b; do",
  "a & { b",
];

/** The shell refuses these whatever follows. */
const refused = [
  "done",
  "fi",
  "esac",
  "}",
  ")",
  ";;",
  "then a",
  "do a",
  "if a; do",
  "while a; then",
  "if; then",
  "if a; fi",
  "for; do",
  "for",
  "case",
  "case x in a",
  "f() echo",
  "echo (",
  "{ a; } {",
  "(if a)",
  "( { a; )",
  "; if a",
  "a;; { b",
];

describe("a compound command", () => {
  test.each(complete)("%j is whole", (text) => {
    expect(scanLine(text).unfinished).toBeUndefined();
    expect(bash(text)).toBe("complete");
  });

  test.each(incomplete)("%j goes on", (text) => {
    expect(scanLine(text).unfinished).toBe("compound");
    expect(bash(text)).toBe("incomplete");
  });

  test.each(refused)("%j is left for the shell to refuse", (text) => {
    expect(scanLine(text).unfinished).toBeUndefined();
    expect(bash(text)).toBe("refused");
  });

  test.each([".find . (a", ".env A={ ; if b", "@ if a; then", " .cd {\n( a"])("%j is not one", (text) =>
    expect(scanLine(text).unfinished).toBeUndefined(),
  );

  test.each([
    ["for x in a; do b; done &", "for x in a; do b; done"],
    ["{ a; } & # note", "{ a; }"],
    ["cat <<E &\nx\nE", "cat <<E\nx\nE"],
  ])("%j is a job", (text, line) => expect(scanLine(text).background).toBe(line));

  test.each(["{ a & }", "(a &)", "for x in a; do b & done", "{ a &"])("%j is none", (text) =>
    expect(scanLine(text).background).toBeUndefined(),
  );
});

const tokens = [
  ..."if then elif else fi for while do done case in esac { } ( ) (( )) [[ ]] function ! x $x".split(" "),
  ..."; & && || | ;; > $( \" ' ` ${ x= # f() x=( x) $((".split(" "),
  "\n",
];
const pieces = fc.array(fc.tuple(fc.constantFrom(...tokens), fc.constantFrom(" ", " ", " ", "", "; ")), {
  maxLength: 14,
});
const commands = fc.letrec<{ list: string; command: string }>((tie) => ({
  list: fc
    .array(fc.tuple(tie("command"), fc.constantFrom("; ", "\n", " && ", " | ", " & ")), {
      minLength: 1,
      maxLength: 2,
    })
    .map((parts) => parts.map(([command, joint], at) => (at === 0 ? command : joint + command)).join("")),
  command: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom("a", "echo if do", "b 'fi' >f", "x=(a b)", 'c "$(d "e")"', "[[ a == b ]]", "((1))"),
    tie("list").map((list) => `if ${list}; then ${list}\nfi`.replaceAll("&;", "&\n")),
    tie("list").map((list) => `for x in a b # if (\ndo ${list}\ndone`),
    tie("list").map((list) => `while ${list}\ndo ${list}\ndone`),
    tie("list").map((list) => `case x in a) ${list}\n;; (b|c) ${list}\nesac`),
    tie("list").map((list) => `{ ${list}\n}`),
    tie("list").map((list) => `( ${list} )`),
    tie("list").map((list) => `f() {\n${list}\n}`),
    tie("list").map((list) => `echo "$( ${list} )"`),
  ),
}));

test("any text is scanned to an end, and what bash accepts is never held open", () => {
  fc.assert(
    fc.property(pieces, (list) => {
      const text = list.flat().join("");
      if (scanLine(text).unfinished !== undefined) expect(bash(text)).not.toBe("complete");
    }),
    { numRuns: Number(process.env["FUZZ"] ?? 150) },
  );
});

test("each beginning of a program is held open exactly where bash wants more", () => {
  fc.assert(
    fc.property(commands.list, fc.nat(), (program, cut) => {
      const lines = program.split("\n");
      const text = lines.slice(0, 1 + (cut % lines.length)).join("\n");
      expect(scanLine(text).unfinished !== undefined).toBe(bash(text) === "incomplete");
    }),
    { numRuns: Number(process.env["FUZZ"] ?? 100) },
  );
});

test("lines that are pushed one by one wait for what they wait for together", () => {
  const line = fc
    .array(fc.constantFrom(...tokens.filter((token) => token !== "\n"), "cat <<E", "'a", "\\"), {
      maxLength: 4,
    })
    .map((words) => words.join(" "));
  fc.assert(
    fc.property(
      fc.array(fc.oneof(line, fc.constantFrom("E", "done", "fi", "}")), { maxLength: 6 }),
      (lines) => {
        const scanner = new LineScanner();
        for (const [at, pushed] of lines.entries()) {
          const unfinished = scanner.push(pushed);
          expect(unfinished).toBe(scanLine(lines.slice(0, at + 1).join("\n")).unfinished);
          if (unfinished === undefined) return;
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
