/**
 * scripts/bench [flags]: the published exec-server and codex-env side by side. Every workload runs once a round on
 * each server, the order turning; the table has medians and ratios to the first server, with the pass marks.
 *   --only A,B --skip A,B   workloads by key        --rounds N (3)  --scale F (1)  --startups N (10)
 *   --quickack              for every workload: shows a server without its Nagle delay (the goals are for none)
 *   --server NAME=URL       instead: servers that run already (start-up is then not measured)
 *   --cmd NAME=COMMAND      instead: programs to start, without `--listen URL`; the first one is the base of ratios
 *   --json FILE  --readme   also write every row to FILE, or the table of pass marks into README.md
 *   --goals                 only metrics with a pass mark
 */
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installReference } from "../../test/conformance/install-reference.ts";
import { referenceCommand } from "../../test/conformance/side.ts";
import { ourServerCommand } from "../../test/support/our-program.ts";
import { allWorkloads } from "./all-workloads.ts";
import { type BenchRun, runBench } from "./bench-run.ts";
import { writeReadme } from "./readme.ts";
import { makeTable } from "./table.ts";

const { values: flags } = parseArgs({
  options: {
    only: { type: "string" },
    skip: { type: "string" },
    rounds: { type: "string", default: "3" },
    scale: { type: "string", default: "1" },
    startups: { type: "string", default: "10" },
    quickack: { type: "boolean", default: false },
    server: { type: "string", multiple: true },
    cmd: { type: "string", multiple: true },
    json: { type: "string" },
    readme: { type: "boolean", default: false },
    goals: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

function named(text: string): readonly [name: string, value: string] {
  const at = text.indexOf("=");
  return [text.slice(0, at), text.slice(at + 1)];
}

async function contestants(): Promise<BenchRun["contestants"]> {
  if (flags.server) return flags.server.map(named).map(([name, url]) => ({ name, url }));
  if (flags.cmd) return flags.cmd.map(named).map(([name, text]) => ({ name, command: text.split(" ") }));
  await installReference();
  return [
    { name: "reference", command: referenceCommand() },
    { name: "codex-env", command: ourServerCommand() },
  ];
}

async function main(): Promise<void> {
  const chosen = (key: string) =>
    (!flags.only || flags.only.split(",").includes(key)) && !flags.skip?.split(",").includes(key);
  const run = {
    contestants: await contestants(),
    workloads: allWorkloads.filter(({ key }) => chosen(key)),
    rounds: Number(flags.rounds),
    scale: Number(flags.scale),
    startups: chosen("startup") ? Number(flags.startups) : 0,
    quickAck: flags.quickack,
  };
  const started = new Date();
  const results = await runBench(run);
  const options = {
    titles: [
      ["idle", "(g) idle"] as const,
      ...run.workloads.map(({ key, title }) => [key, title] as const),
      ["startup", "(h) start-up"] as const,
      ["after", "(g) after all loads"] as const,
    ],
    servers: run.contestants.map(({ name }) => name),
  };
  const table = makeTable(results, { ...options, onlyGoals: flags.goals });
  console.log(`${table.text}\n\n${table.met} goals met, ${table.missed} missed`);
  const { workloads: _, ...settings } = run;
  const document = { started, cpus: cpus().length, loadavg: loadavg(), ...settings, results };
  if (flags.json) await Bun.write(flags.json, `${JSON.stringify(document, null, 1)}\n`);
  if (flags.readme) {
    const short = makeTable(results, { ...options, onlyGoals: true });
    await writeReadme(join(import.meta.dir, "../../README.md"), short.text, { started, rounds: run.rounds });
  }
}

if (flags.help) {
  const source = await Bun.file(import.meta.path).text();
  console.log(source.slice(4, source.indexOf(" */")).replaceAll("\n * ", "\n").trim());
} else {
  await main();
  process.exit(0);
}
