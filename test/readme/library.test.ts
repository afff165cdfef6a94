import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ourServerCommand } from "../support/our-program.ts";

const root = join(import.meta.dir, "../..");

test("the README's program runs a command in a named environment and shows its output", async () => {
  const [, program = ""] =
    /^```ts\n([\s\S]*?)^```$/m.exec(await Bun.file(join(root, "README.md")).text()) ?? [];
  const home = mkdtempSync(join(tmpdir(), "codex-env-library-"));
  // Inside the package, which knows itself by its name.
  const folder = join(root, ".cache/readme");
  const file = join(folder, `library-${process.pid}.ts`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, program);
  const [command, ...args] = [...ourServerCommand(), "--listen", "stdio"];
  const entry = `[[environments]]\nid = "box"\nprogram = ${JSON.stringify(command)}\nargs = ${JSON.stringify(args)}\n`;
  writeFileSync(join(home, "environments.toml"), entry);
  try {
    const child = Bun.spawn([process.execPath, file], {
      env: { ...process.env, CODEX_HOME: home },
      stdout: "pipe",
      stderr: "pipe",
    });
    const printed = await child.stdout.text();
    expect([await child.exited, await child.stderr.text()]).toEqual([0, ""]);
    expect(printed).toMatch(/^hello\n\{\s*kind: "exited",\s*code: 3,?\s*\}\n$/);
  } finally {
    rmSync(file, { force: true });
    rmSync(home, { recursive: true, force: true });
  }
});
