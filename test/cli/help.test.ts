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
