import { readdirSync } from "node:fs";
import { root } from "../root.ts";

/** One part of the gate. */
export interface Stage {
  readonly name: string;
  readonly command: readonly string[];
  /** How many checks it made: each `bun test` case for "tests", else one that is right when it exits 0. */
  readonly counts: "tests" | "exit code";
}

const minutes = 60_000;

/** A stage that takes longer hangs, and is ended and failed; the slowest takes about a quarter of it. */
export const stageDeadline: number = 12 * minutes;

/** Folders of test/ that take long or need something of their own; every other folder runs in the stage "unit". */
const ownStages = [
  "conformance",
  "older-clients",
  "faults",
  "simulation",
  "security",
  "targets",
  "readme",
  "fresh-clone",
];

/** Folders of test/ that hold no tests. */
const support = ["support", "fixtures"];

/** Comes first, also when only one other stage is asked for: the tests drive the binary. */
export const buildStage: Stage = { name: "build", command: ["scripts/build"], counts: "exit code" };

/** The rest of the gate, in the order that finds the cheapest mistakes first. */
export const stages: readonly Stage[] = [
  { name: "format and lint", command: ["biome", "ci", "--colors=off"], counts: "exit code" },
  { name: "types", command: ["tsc", "-p", "."], counts: "exit code" },
  { name: "dead code", command: ["knip", "--no-progress"], counts: "exit code" },
  bunTest("unit", unitFolders()),
  ...ownStages.filter((name) => folders().includes(name)).map((name) => bunTest(name, [name])),
];

function bunTest(name: string, folderNames: readonly string[]): Stage {
  // With the trailing slash `test/core` does not also match `test/core-more`.
  const paths = folderNames.map((folder) => `./test/${folder}/`);
  return { name, command: ["bun", "test", "--timeout=120000", ...paths], counts: "tests" };
}

function unitFolders(): readonly string[] {
  return folders().filter((name) => !ownStages.includes(name) && !support.includes(name));
}

function folders(): readonly string[] {
  const entries = readdirSync(`${root}/test`, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
