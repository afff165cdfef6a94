import { expect, test } from "bun:test";
import { join } from "node:path";
import { dotCommands } from "../../cli/connect/dot-commands.ts";
import { runCli } from "../support/our-cli.ts";

const text = await Bun.file(join(import.meta.dir, "../../README.md")).text();

test("the README lists the dot-commands of the REPL, all of them, as .help does", () => {
  const listed = /lists the dot-commands: `([^`]*)`/.exec(text)?.[1]?.split(/\s+/);
  expect(listed).toEqual(dotCommands.map(({ name }) => name));
});

test("the README lists the flags of serve, all of them", async () => {
  const [, table = ""] = /^\| `serve` \| \|\n([\s\S]*?)^$/m.exec(text) ?? [];
  const { stdout } = await runCli(["serve", "--help"]);
  const flags = [...stdout.matchAll(/^ {6}(--[\w-]+)/gm)].map(([, flag]) => flag);
  expect(flags.length).toBeGreaterThan(10);
  expect(new Set(table.match(/--[a-z][\w-]+/g))).toEqual(new Set(flags.map(String)));
});
