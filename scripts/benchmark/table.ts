import { type Goal, goals } from "./goals.ts";
import { median, rounded } from "./statistics.ts";
import type { Row } from "./workload.ts";

/** Rows of every round: workload, then server. */
export type Results = Record<string, Record<string, Row[]>>;

export interface TableOptions {
  readonly titles: readonly (readonly [workload: string, title: string])[];
  readonly servers: readonly string[];
  /** Only metrics with a pass mark. */
  readonly onlyGoals: boolean;
}

/** The metric of a workload that threw: why. */
export const failure = "error";

type Cell = number | string | undefined;

/** Numbers become their median; other values stay as they are, counted where rounds disagree. */
function fold(rows: readonly Row[], metric: string): Cell {
  const values = rows.map((row) => row[metric]).filter((value) => value !== undefined);
  if (values.length === 0) return undefined;
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length === values.length) return rounded(median(numbers));
  const texts = values.map(String);
  const distinct = [...new Set(texts)];
  if (distinct.length === 1) return distinct[0];
  return distinct.map((text) => `${text} ×${texts.filter((each) => each === text).length}`).join(", ");
}

function goalText({ of, atMost, atLeast }: Goal): string {
  const bound = atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`;
  return of === "ratio" ? `${bound}×` : bound;
}

function isMet(goal: Goal, ours: Cell, ratio: number | undefined): boolean {
  const measured = goal.of === "ratio" ? ratio : ours;
  if (typeof measured !== "number" || !Number.isFinite(measured)) return false;
  return measured <= (goal.atMost ?? measured) && measured >= (goal.atLeast ?? measured);
}

export interface Table {
  readonly text: string;
  readonly met: number;
  readonly missed: number;
}

/** A Markdown table: medians of each server, the last one's ratio to the first, and its pass marks. */
export function makeTable(results: Results, options: TableOptions): Table {
  const { servers } = options;
  const first = servers[0] ?? "";
  const last = servers.at(-1) ?? "";
  const lines = [
    `| workload | metric | ${servers.join(" | ")} | ${last}/${first} | goal | |`,
    `|---|---|${servers.map(() => "---:|").join("")}---:|---:|---|`,
  ];
  let met = 0;
  let missed = 0;
  for (const [workload, title] of options.titles) {
    const rows = results[workload];
    if (!rows) continue;
    const measured = servers.flatMap((server) => (rows[server] ?? []).flatMap((row) => Object.keys(row)));
    // Of a workload that failed, too: a mark that nothing was measured for is missed.
    const marked = goals.filter((goal) => goal.workload === workload).map(({ metric }) => metric);
    const metrics = [...new Set([...measured, ...marked])];
    let shownTitle = title;
    for (const metric of metrics) {
      const goal = goals.find((each) => each.workload === workload && each.metric === metric);
      if (!goal && options.onlyGoals && metric !== failure) continue;
      const cells = servers.map((server) => fold(rows[server] ?? [], metric));
      const [base, ours] = [cells[0], cells.at(-1)];
      const comparable = typeof base === "number" && typeof ours === "number" && base !== 0;
      const ratio = comparable ? ours / base : undefined;
      const verdict = goal ? (isMet(goal, ours, ratio) ? "met" : "**missed**") : "";
      if (goal) verdict === "met" ? met++ : missed++;
      const shown = cells.map((cell) => cell ?? "").join(" | ");
      const shownRatio = ratio === undefined ? "" : ratio.toFixed(ratio < 0.1 ? 3 : 2);
      lines.push(
        `| ${shownTitle} | ${metric} | ${shown} | ${shownRatio} | ${goal ? goalText(goal) : ""} | ${verdict} |`,
      );
      shownTitle = "";
    }
  }
  return { text: lines.join("\n"), met, missed };
}
