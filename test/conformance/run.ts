#!/usr/bin/env bun
/**
 * bun test/conformance/run.ts [flags]: puts every case to the published server and to ours, and holds each
 * difference against signed-differences/. Ends with 0 when every difference is signed and no signature is stale.
 *   --ours URL        a server of ours that runs already (default: dist/codex-env, started and ended here)
 *   --source          start ours from cli/main.ts although a build is there
 *   --reference URL   a published server that runs already
 *   --self            the reference on both sides: shows that the cases themselves are stable
 *   --only A,B        cases whose name starts so (`*` is any run of characters); --list prints the names
 *   --slow            also the three cases of 80 to 95 s
 *   --parallel N      cases in flight at once (6)
 *   --json FILE       the answers of both, normalised;  --all: show signed differences too
 */
import { parseArgs } from "node:util";
import { ourServerCommand } from "../support/our-program.ts";
import { allCases } from "./all-cases.ts";
import { runConformance } from "./conformance-run.ts";
import { installReference } from "./install-reference.ts";
import { printVerdict } from "./report.ts";
import { referenceCommand } from "./side.ts";
import { matchesGlob } from "./signature.ts";

const { values: flags } = parseArgs({
  options: {
    ours: { type: "string" },
    source: { type: "boolean", default: false },
    reference: { type: "string" },
    self: { type: "boolean", default: false },
    only: { type: "string" },
    list: { type: "boolean", default: false },
    slow: { type: "boolean", default: false },
    parallel: { type: "string", default: "6" },
    json: { type: "string" },
    all: { type: "boolean", default: false },
  },
});

const patterns = flags.only?.split(",");
const cases = allCases.filter(({ name, slow }) => {
  if (slow && !flags.slow) return false;
  return !patterns || patterns.some((pattern) => matchesGlob(`${pattern}*`, name));
});

async function compareAll(): Promise<boolean> {
  await installReference();
  const answers: Record<string, unknown> = {};
  const { found, verdict, seconds } = await runConformance({
    cases,
    ourCommand: flags.self ? referenceCommand() : ourServerCommand(flags.source || undefined),
    urls: { reference: flags.reference, ours: flags.ours },
    parallel: Number(flags.parallel),
    onDone: (name, [reference, ours], ms) => {
      answers[name] = { reference, ours, ms: Math.round(ms) };
    },
  });
  if (flags.json) await Bun.write(flags.json, `${JSON.stringify(answers, null, 1)}\n`);
  const judgeStale = !patterns && !flags.self;
  return printVerdict(verdict, { cases: cases.length, seconds, judgeStale, ...(flags.all ? { found } : {}) });
}

if (flags.list) {
  for (const { name, slow } of cases) console.log(slow ? `${name} (slow)` : name);
} else {
  process.exit((await compareAll()) ? 0 : 1);
}
