import { expect, test } from "bun:test";
import { descendants } from "../../scripts/gate/descendants.ts";

test("a grandchild is found with its command line, and is gone from the list when it has ended", async () => {
  await using parent = Bun.spawn(["sh", "-c", "cat & echo started; cat; wait"], {
    stdin: "pipe",
    stdout: "pipe",
  });
  const reader = parent.stdout.getReader();
  await reader.read();
  const commands = descendants().map(({ command }) => command);
  expect(commands.filter((command) => command === "cat").length).toBeGreaterThan(0);
  parent.stdin.end();
  await parent.exited;
  expect(descendants().map(({ pid }) => pid)).not.toContain(parent.pid);
});
