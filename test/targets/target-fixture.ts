import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtBinary } from "../support/built-binary.ts";
import type { CliRun } from "../support/our-cli.ts";

/** A CODEX_HOME on this side of a target, and our program with it. */
export interface TargetFixture extends Disposable {
  readonly home: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  run(...words: readonly string[]): Promise<CliRun>;
  read(name: "environments.toml" | "codex-env.toml"): string;
}

export function targetFixture(variables: Readonly<Record<string, string>>): TargetFixture {
  const home = mkdtempSync(join(tmpdir(), "codex-env-target-"));
  const all = { ...process.env, ...variables, CODEX_HOME: home, CODEX_EXEC_SERVER_URL: undefined };
  return {
    home,
    variables: all,
    async run(...words) {
      const options = { env: all, stdin: "ignore", stdout: "pipe", stderr: "pipe" } as const;
      const child = Bun.spawn([builtBinary, ...words], options);
      const [stdout, stderr, code] = await Promise.all([
        child.stdout.text(),
        child.stderr.text(),
        child.exited,
      ]);
      return { code, stdout, stderr };
    },
    read: (name) => readFileSync(join(home, name), "utf8"),
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}
