import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { rooms } from "./rooms.ts";
import { root } from "./source-imports.ts";

const tracked = Bun.spawnSync(["git", "ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
})
  .stdout.toString()
  .split("\n")
  .filter((name) => existsSync(join(root, name)));
const documents = tracked.filter((name) => name.endsWith(".md"));
const names = new Set(tracked.map((name) => basename(name)));

/** What users have and this repository has not: their own configuration, by the name that it has for them. */
const ofUsers = new Set(["environments.toml", "codex-env.toml"]);

function found(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

describe.each(documents)("%s", (document) => {
  const text = (): Promise<string> => Bun.file(join(root, document)).text();

  test("every link into the repository leads somewhere", async () => {
    const links = found(await text(), /\]\(([^)#\s]+)/g).filter((link) => !/^[a-z]+:/.test(link));
    expect(links.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
  });

  test("every path of the repository that it names is there", async () => {
    const paths = found(await text(), /(?<![\w/.-])((?:cli|core|scripts|test|\.ci)\/[\w./-]*\w\/?)/g);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test("every file that it names without a folder is there under that name", async () => {
    const files = found(await text(), /`([\w.-]+\.(?:ts|c|h|json|toml|md|lock))`/g);
    expect(files.filter((file) => !names.has(file) && !ofUsers.has(file))).toEqual([]);
  });
});

test("the documents are found", () => {
  expect(documents).toContain("README.md");
  expect(documents.length).toBeGreaterThan(10);
});

test("CONTRIBUTING.md lists the rooms as they are, from top to bottom", async () => {
  const text = await Bun.file(join(root, "CONTRIBUTING.md")).text();
  const listed = found(text, /(?:\| |, )`((?:cli|core)(?:\/[\w.]+)?)\/?`(?=,| \|)/g);
  expect(listed).toEqual(rooms);
});

test("the lock files name no registry host, so that any registry serves", async () => {
  for (const name of ["bun.lock", "test/conformance/bun.lock", "test/older-clients/bun.lock"]) {
    const file = Bun.file(join(root, name));
    if (await file.exists()) expect(await file.text()).not.toMatch(/https?:\/\//);
  }
});

test("dependencies are pinned to one version each", async () => {
  const { dependencies, devDependencies } = await Bun.file(join(root, "package.json")).json();
  const versions: string[] = Object.values({ ...dependencies, ...devDependencies });
  expect(versions.filter((version) => !/^\d/.test(version))).toEqual([]);
});
