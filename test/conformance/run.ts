#!/usr/bin/env bun
/**
 * bun test/conformance/run.ts [flags]: puts every case to the published server and to ours, and holds each
 * difference against signed-differences.ts. Ends with 0 when every difference is signed and no signature is stale.
 *   --ours URL        a server of ours that runs already (default: dist/codex-env, started and ended here)
 *   --source          start ours from cli/main.ts although a build is there
 *   --reference URL   a published server that runs already
 *   --self            the reference on both sides: shows that the cases themselves are stable
 *   --only A,B        cases whose name starts so (`*` is any run of characters); --list prints the names
 *   --slow            also the three cases of 80 to 95 s
 *   --parallel N      cases in flight at once (6)
 *   --json FILE       the answers of both, normalised;  --all: show signed differences too
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ourServerCommand } from "../support/our-program.ts";
import { allCases } from "./all-cases.ts";
import { compareCases, type Server } from "./compare-cases.ts";
import { makeRunDirectories } from "./fixed-environment.ts";
import { launch } from "./launch.ts";
import { printVerdict } from "./report.ts";
import { referenceCommand, type Side } from "./side.ts";
import { matchesGlob } from "./signature.ts";
import { signedDifferences } from "./signed-differences.ts";
import { judge } from "./verdict.ts";

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
const chosen = allCases.filter(({ name, slow }) => {
  if (slow && !flags.slow) return false;
  return !patterns || patterns.some((pattern) => matchesGlob(`${pattern}*`, name));
});

async function compareAll(): Promise<boolean> {
  const root = mkdtempSync(join(tmpdir(), "conformance-"));
  const directories = makeRunDirectories(root);
  const side = (name: Side["name"], command: readonly string[]): Side => ({ name, command, directories });
  const reference = side("reference", referenceCommand());
  const ours = side("ours", flags.self ? referenceCommand() : ourServerCommand(flags.source));
  const owned: { end(): Promise<void> }[] = [];
  const serve = async (which: Side, url: string | undefined): Promise<Server> => {
    if (url) return { side: which, url };
    const server = await launch(which, {});
    owned.push(server);
    return { side: which, url: server.url };
  };
  const begun = performance.now();
  const answers: Record<string, unknown> = {};
  try {
    const found = await compareCases(chosen, {
      servers: [await serve(reference, flags.reference), await serve(ours, flags.ours)],
      parallel: Number(flags.parallel),
      onDone: (name, [left, right], ms) => {
        answers[name] = { reference: left, ours: right, ms: Math.round(ms) };
      },
    });
    const verdict = judge(found, signedDifferences);
    const seconds = (performance.now() - begun) / 1000;
    if (flags.json) await Bun.write(flags.json, `${JSON.stringify(answers, null, 1)}\n`);
    const whole = !patterns && !flags.self;
    return printVerdict(verdict, {
      cases: chosen.length,
      seconds,
      judgeStale: whole,
      ...(flags.all ? { found } : {}),
    });
  } finally {
    for (const server of owned) await server.end();
    rmSync(root, { recursive: true, force: true });
  }
}

if (flags.list) {
  for (const { name, slow } of chosen) console.log(slow ? `${name} (slow)` : name);
} else {
  process.exit((await compareAll()) ? 0 : 1);
}
