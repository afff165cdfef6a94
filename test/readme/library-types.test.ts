import { afterAll, beforeAll, expect, test } from "bun:test";
import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { libraryTypes, writeDeclarations } from "../../scripts/binary/declarations.ts";

const root = join(import.meta.dir, "../..");

// A project of somebody else, which names this checkout as the README says, with settings that are not ours.
let project: string;
beforeAll(async () => {
  if (!(await Bun.file(libraryTypes).exists())) await writeDeclarations();
  project = mkdtempSync(join(tmpdir(), "codex-env-consumer-"));
  const compilerOptions = {
    strict: true,
    noPropertyAccessFromIndexSignature: true,
    module: "nodenext",
    target: "esnext",
    noEmit: true,
  };
  const dependencies = { "codex-env": `${await protocolOfTheReadme()}:${root}` };
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module", dependencies }));
  const install = Bun.spawn([process.execPath, "install", "--silent"], { cwd: project, stderr: "pipe" });
  expect([await install.exited, await install.stderr.text()]).toEqual([0, ""]);
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
}, 60_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

async function protocolOfTheReadme(): Promise<string> {
  const text = await Bun.file(join(root, "README.md")).text();
  return /`"codex-env": "(\w+):\.\.\/codex-env"`/.exec(text)?.[1] ?? "not named";
}

test("a project that depends on the checkout has it by one link, and nothing besides", () => {
  expect(readdirSync(join(project, "node_modules"))).toEqual(["codex-env"]);
  expect(lstatSync(join(project, "node_modules/codex-env")).isSymbolicLink()).toBe(true);
});

/** What the compiler finds wrong with a program there. */
async function faultsOf(program: string): Promise<string> {
  writeFileSync(join(project, "program.ts"), program);
  const child = Bun.spawn([join(root, "node_modules/.bin/tsc"), "-p", project], {
    stdout: "pipe",
    stderr: "inherit",
  });
  return await child.stdout.text();
}

test("the README's program passes the compiler of a project that depends on this one", async () => {
  const [, program = ""] =
    /^```ts\n([\s\S]*?)^```$/m.exec(await Bun.file(join(root, "README.md")).text()) ?? [];
  expect(await faultsOf(program)).toBe("");
}, 60_000);

test("what the library does not offer is an error there, and what it offers is known by its type", async () => {
  const faults = await faultsOf(
    [
      'import { configuredEnvironments, Link } from "codex-env";',
      'const info: number = await configuredEnvironments().get("box").info();',
    ].join("\n"),
  );
  expect(faults).toContain("has no exported member 'Link'");
  expect(faults).toMatch(/Type '.+' is not assignable to type 'number'/);
  expect(faults.match(/error TS/g)).toHaveLength(2);
}, 60_000);
