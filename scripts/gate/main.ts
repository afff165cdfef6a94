import { addCounts, type Counts } from "./counts.ts";
import { adoptOrphans } from "./descendants.ts";
import { checkLeftovers } from "./leftovers.ts";
import { runStage } from "./run-stage.ts";
import { buildStage, type Stage, stages } from "./stages.ts";

const usage = `scripts/test               runs the whole gate
scripts/test --only NAME   runs one stage: ${stages.map((stage) => stage.name).join(", ")}
scripts/test --verbose     shows what passing stages print, too
`;

const words = process.argv.slice(2);
const verbose = words.includes("--verbose");
const only = words.includes("--only") ? words[words.indexOf("--only") + 1] : undefined;
const chosen = words.includes("--only") ? stages.filter((stage) => stage.name === only) : stages;
if (words.includes("--help")) {
  console.log(usage);
  process.exit(0);
}
const mistake = mistakeIn(words);
if (mistake !== undefined) {
  console.error(`scripts/test: ${mistake}\n${usage}`);
  process.exit(2);
}

adoptOrphans();
let total: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const stage of [buildStage, ...chosen]) total = addCounts(total, await check(stage));
if (total.skipped > 0) console.log(`${total.skipped} skipped`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function mistakeIn(given: readonly string[]): string | undefined {
  if (chosen.length === 0) return only === undefined ? "--only needs a stage" : `there is no stage ${only}`;
  const rest = given.filter(
    (word, index) => word !== "--verbose" && word !== "--only" && given[index - 1] !== "--only",
  );
  return rest.length === 0 ? undefined : `${rest[0]} is not known`;
}

async function check(stage: Stage): Promise<Counts> {
  const { counts, printed, seconds } = await runStage(stage);
  console.log(`${stage.name.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s  ${summary(counts)}`);
  if (verbose || counts.failed > 0) console.log(indent(verbose ? printed : withoutPasses(printed)));
  return addCounts(counts, await checkLeftovers(stage.name));
}

function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}

function withoutPasses(printed: string): string {
  return printed.replace(/^\(pass\).*\n/gm, "");
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, "    ");
}
