import { describe, expect, test } from "bun:test";
import { allWorkloads } from "../../scripts/benchmark/all-workloads.ts";
import { goals } from "../../scripts/benchmark/goals.ts";
import { makeTable } from "../../scripts/benchmark/table.ts";

const options = {
  titles: [["list_1000", "the list"] as const, ["cold_stdio", "cold"] as const],
  servers: ["reference", "codex-env"],
  onlyGoals: true,
};

describe("the bench's table", () => {
  test("marks a figure of ours alone that reaches its goal, and a ratio that does not", () => {
    const results = {
      list_1000: { "codex-env": [{ p50_ms: 30 }, { p50_ms: 40 }, { p50_ms: 35 }] },
      cold_stdio: { reference: [{ p50_ms: 10 }], "codex-env": [{ p50_ms: 20 }] },
    };
    const { text, met, missed } = makeTable(results, options);
    expect([met, missed]).toEqual([1, 1]);
    expect(text).toContain("| the list | p50_ms |  | 35 |  | ≤ 50 | met |");
    expect(text).toContain("| cold | p50_ms | 10 | 20 | 2.00 | ≤ 1.5× | **missed** |");
  });

  test("counts the goal of a workload that failed as missed, and tells why", () => {
    const results = { list_1000: { "codex-env": [{ error: "it broke" }] } };
    const { text, met, missed } = makeTable(results, options);
    expect([met, missed]).toEqual([0, 1]);
    expect(text).toContain("it broke");
  });

  test("has no goal for a workload that there is not", () => {
    const known = [...allWorkloads.map(({ key }) => key), "idle", "startup", "after"];
    expect(goals.filter(({ workload }) => !known.includes(workload))).toEqual([]);
  });
});
