import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtBinary } from "../../support/built-binary.ts";

let place = "";
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "codex-env-print-"));
});
afterAll(() => rmSync(place, { recursive: true }));

const source = join(import.meta.dir, "../../../cli/terminal/print.ts");

/** What `file` holds after a shell has run the script, with `print TEXT-EXPRESSION` and `codex-env` as commands. */
async function written(script: string, before = "precious\n"): Promise<string> {
  const file = join(place, "file");
  writeFileSync(file, before);
  const program = join(place, "print.ts");
  writeFileSync(
    program,
    `import { printNotice, printResult } from ${JSON.stringify(source)};
     const text = process.argv[2] === "long" ? "0123456789abcde\\n".repeat(65_536) : (process.argv[2] ?? "");
     await printResult(text);
     await printNotice(text);`,
  );
  const child = Bun.spawn(["sh", "-c", `print() { "$BUN" "$PROGRAM" "$@"; }; ${script}`], {
    cwd: place,
    env: { PATH: "/usr/bin:/bin", HOME: place, BUN: process.execPath, PROGRAM: program, OURS: builtBinary },
    stdio: ["ignore", "ignore", "inherit"],
  });
  await child.exited;
  return readFileSync(file, "utf8");
}

const long = "0123456789abcde\n".repeat(65_536);

describe("what is printed into a file that others write to", () => {
  test.each([
    ["nothing", "", ""],
    ["a short text", "short", "short"],
    ["a long text", "long", long],
  ])("%s is added to what was there, on stdout and on stderr", async (_what, word, text) => {
    expect(await written(`print '${word}' >>file 2>/dev/null`)).toBe(`precious\n${text}`);
    expect(await written(`print '${word}' 2>>file >/dev/null`)).toBe(`precious\n${text}`);
  });

  test("stands between what comes before and after it on one descriptor", async () => {
    const script =
      "{ echo start; print short 2>/dev/null; print '' 2>&1; print long 2>/dev/null; echo end; } >file";
    expect(await written(script)).toBe(`start\nshort${long}end\n`);
  });

  test.each([["status"], ["env list"], ["env check"]])(
    "codex-env %s with nothing to say leaves it as it is",
    async (words) => {
      expect(await written(`CODEX_EXEC_SERVER_URL=none "$OURS" ${words} >>file 2>/dev/null`)).toStartWith(
        "precious\n",
      );
    },
  );
});
