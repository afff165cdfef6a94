import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  againstTheRules,
  misshapen,
  taken,
  unparsable,
} from "../../core/environment/config/refused-files.ts";
import { installReference } from "../install-reference.ts";
import { referenceProgram } from "../side.ts";

let directory: string;
beforeAll(async () => {
  await installReference();
  directory = mkdtempSync(join(tmpdir(), "codex-env-judged-"));
}, 120_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What the published client says of a file, after its prefix, or null where it starts. */
async function judgement(text: string, name: string): Promise<string | null> {
  const home = join(directory, name);
  const path = join(home, "environments.toml");
  mkdirSync(home);
  writeFileSync(path, text);
  const child = Bun.spawn([referenceProgram(), "app-server"], {
    env: { PATH: process.env["PATH"], HOME: home, CODEX_HOME: home },
    cwd: home,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const printed = await child.stderr.text();
  if ((await child.exited) === 0) return null;
  const [, said] = /^Error: exec-server protocol error: ([\s\S]*?)\n\n/m.exec(`${printed}\n\n`) ?? [];
  return (said ?? printed).replace(`failed to parse environment config \`${path}\`: `, "parse: ").trimEnd();
}

describe("the published client, asked about the same files", () => {
  const judged = [...misshapen, ...againstTheRules, ...taken];
  test.concurrent.each(judged.map((file, index) => [file.text, file, index] as const))(
    "says of %j what we say",
    async (text, file, index) => {
      expect(await judgement(text, `judged-${index}`)).toBe(file.verdict);
    },
  );

  test.concurrent.each(unparsable.map((text, index) => [text, index] as const))(
    "says that %j is no TOML",
    async (text, index) => {
      expect(await judgement(text, `unparsable-${index}`)).toStartWith("parse: ");
    },
  );
});
