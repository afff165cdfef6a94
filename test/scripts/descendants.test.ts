import { expect, test } from "bun:test";
import { descendants } from "../../scripts/gate/descendants.ts";

test("a grandchild is found with its command line, and is gone from the list when it has ended", async () => {
  // The inner shell speaks once it is there, and stays until it is told something.
  const inner = "echo started; read word; true";
  await using parent = Bun.spawn(["sh", "-c", `sh -c '${inner}' grandchild; true`], {
    stdin: "pipe",
    stdout: "pipe",
  });
  await parent.stdout.getReader().read();
  const commands = descendants().map(({ command }) => command);
  expect(commands).toContain(`sh -c ${inner} grandchild`);
  parent.stdin.write("go\n");
  parent.stdin.end();
  await parent.exited;
  expect(descendants().map(({ pid }) => pid)).not.toContain(parent.pid);
});
