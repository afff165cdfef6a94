import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { consoleExamples } from "./examples.ts";
import { runExample } from "./run-example.ts";

const root = join(import.meta.dir, "../..");
const examples = consoleExamples(await Bun.file(join(root, "README.md")).text());

test("the README has examples", () => {
  expect(examples.length).toBeGreaterThan(3);
});

for (const [index, example] of examples.entries()) {
  test(`README example ${index + 1}, "${example.title}", prints what it shows`, async () => {
    const directory = await mkdtemp(join(tmpdir(), "codex-env-readme-"));
    try {
      const printed = await runExample(example, { directory, binaries: join(root, "dist") });
      const seen = example.steps.map(({ command }, step) => ({ command, printed: printed[step] }));
      expect(seen).toEqual(example.steps.map(({ command, expected }) => ({ command, printed: expected })));
    } finally {
      await rm(directory, { recursive: true });
    }
  });
}
