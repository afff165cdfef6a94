import { expect, test } from "bun:test";
import { commandTable } from "../../cli/command-table.ts";
import { subcommands } from "../../cli/env/subcommands.ts";
import { runCli } from "../support/our-cli.ts";

const named = commandTable.map(({ name, summary }) => ({ words: [name], summary }));
const ofEnv = subcommands.map(({ name, summary }) => ({ words: ["env", name], summary }));

test.each([{ words: [], summary: "" }, ...named, ...ofEnv])(
  "the help of $words has the one layout, and 80 columns hold it",
  async ({ words, summary }) => {
    const { code, stdout, stderr } = await runCli([...words, "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).not.toMatch(/\u001b|[ \t]$|\n\n\n|\(Required\)|=</m);

    const [first = "", usage = "", ...others] = stdout.trimEnd().split("\n\n");
    expect(first).toStartWith(summary.split(" ")[0] ?? "");
    expect(first).not.toContain("\n");
    for (const [index, line] of usage.split("\n").entries()) {
      expect(line).toStartWith(`${index === 0 ? "Usage:" : "      "} ${["codex-env", ...words].join(" ")}`);
    }
    const titles = others.flatMap((part) => /^([A-Z]\w+(?: \w+)*):$/m.exec(part)?.[1] ?? []);
    const order = ["Arguments", "Commands", "Flags", "Examples", "Exit codes"];
    expect(titles).toEqual(order.filter((title) => titles.includes(title)));
    expect(titles.length).toBeGreaterThan(0);
  },
);

test.each(["help env add", "env help add", "env --help add"])("%s is the help of env add", async (words) => {
  const { code, stdout } = await runCli(words.split(" "));
  expect({ code, stdout }).toEqual({ code: 0, stdout: (await runCli(["env", "add", "-h"])).stdout });
});

test("help runs nothing of what it is asked about", async () => {
  const { code, stdout } = await runCli(["help", "exec", "echo", "ran"]);
  expect(code).toBe(0);
  expect(stdout).toStartWith("Run one command in an environment\n");
});

test.each(["exec", "cp", "connect", "dial", "attach", "env add"])(
  "the examples of %s are lines of that command",
  async (command) => {
    const { stdout } = await runCli([...command.split(" "), "--help"]);
    const [, examples = ""] = stdout.split("\nExamples:\n");
    const lines = (examples.split("\n\n")[0] ?? "").split("\n").filter((line) => line !== "");
    expect(lines.filter((line) => line.includes(`codex-env ${command}`)).length).toBeGreaterThan(0);
    expect(lines.filter((line) => !line.startsWith("  "))).toEqual([]);
  },
);
