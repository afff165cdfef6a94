import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Case } from "./case.ts";
import { CaseContext } from "./case-context.ts";
import { normalise, type Substitutions } from "./normalise.ts";
import { referenceProgram, type Side } from "./side.ts";

let runs = 0;

function substitutionsFor(side: Side, directory: string, url: string): Substitutions {
  const { cwd, temporary, codexHome, root } = side.directories;
  return [
    [directory, "<TMP>"],
    [cwd, "<CWD>"],
    [temporary, "<TMPDIR>"],
    [codexHome, "<CODEX_HOME>"],
    [root, "<RUN>"],
    [dirname(dirname(referenceProgram())), "<CODEX_DIR>"],
    [url, "<URL>"],
  ];
}

/** Runs one case against one server; a case that throws or takes too long reports that as its answer. */
export async function runCase(testCase: Case, side: Side, url: string): Promise<unknown> {
  const directory = join(side.directories.root, "cases", `${runs++}`);
  mkdirSync(directory, { recursive: true });
  const context = new CaseContext(side, url, directory);
  const limitMs = testCase.timeoutMs ?? 30000;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(() => resolve({ $timeout: limitMs }), limitMs);
  });
  let result: unknown;
  try {
    result = await Promise.race([testCase.run(context), timeout]);
  } catch (error) {
    result = { $threw: error instanceof Error ? error.message : String(error) };
  }
  clearTimeout(timer);
  await context.end();
  return normalise(result, substitutionsFor(side, directory, url));
}
