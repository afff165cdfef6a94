import { expect, test } from "bun:test";
import { array, assert, asyncProperty, constantFrom, oneof, string } from "fast-check";
import { shellWord } from "../../../../core/environment/install/shell-word.ts";

/** Every shell that is here; sh and bash always are. */
const shells = ["sh", "bash", "zsh", "fish", "busybox"].filter((name) => Bun.which(name) !== null);

/** What a shell makes of a line of words. */
async function readBack(shell: string, line: string): Promise<readonly string[]> {
  const start = shell === "busybox" ? [shell, "sh", "-c"] : [shell, "-c"];
  // `--` would be an option's end to printf alone: the words stand behind a format.
  const child = Bun.spawn([...start, `printf '%s\\0' start ${line}`], { stdout: "pipe", stderr: "pipe" });
  const [output, complaints] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(`${shell}: ${complaints}`);
  return output.split("\0").slice(1, -1);
}

const odd = constantFrom(
  "'",
  '"',
  "\\",
  "!",
  "$",
  "`",
  "\n",
  " ",
  "~",
  "=",
  "*",
  "{a,b}",
  "-",
  "#",
  ";",
  "é",
  "$(id)",
  "%",
);
const word = array(oneof(odd, string({ maxLength: 4 })), { maxLength: 8 }).map((parts) =>
  parts.join("").replaceAll("\0", ""),
);

test.each(shells)("any words, put into a line, are the same words to %s", async (shell) => {
  await assert(
    asyncProperty(array(word, { minLength: 1, maxLength: 6 }), async (words) => {
      expect(await readBack(shell, words.map(shellWord).join(" "))).toEqual(words);
    }),
    { numRuns: 60 },
  );
});

test("a path in the home directory of whoever is there stays one, and no other tilde does anything", async () => {
  const home = process.env["HOME"] ?? "";
  expect(await readBack("sh", ["~/bin/codex-env", "~root/x", "a~b", "~"].map(shellWord).join(" "))).toEqual([
    `${home}/bin/codex-env`,
    "~root/x",
    "a~b",
    "~",
  ]);
});
