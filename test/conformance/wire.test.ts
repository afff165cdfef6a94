import { beforeAll, describe, expect, test } from "bun:test";
import { ourServerCommand } from "../support/our-program.ts";
import { allCases } from "./all-cases.ts";
import { type RunResult, runConformance } from "./conformance-run.ts";
import { installReference } from "./install-reference.ts";

const cases = allCases.filter((each) => !each.slow);
let result: RunResult | undefined;

beforeAll(async () => {
  await installReference();
  result = await runConformance({ cases, ourCommand: ourServerCommand(), parallel: 6 });
}, 240_000);

describe("our server answers as the published one, or as signed:", () => {
  for (const { name } of cases) {
    test(name, () => {
      const unsigned = result?.verdict.unsigned.find((each) => each.name === name);
      expect(unsigned?.differences ?? []).toEqual([]);
    });
  }
});

test("every signed difference is still one", () => {
  expect(result?.verdict.stale).toEqual([]);
});
