import { afterEach, beforeEach } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CliRun, runCli } from "../../support/our-cli.ts";

/** A CODEX_HOME for each test of a file. */
export interface EnvFixture {
  readonly home: string;
  run(words: readonly string[], variables?: Readonly<Record<string, string>>): Promise<CliRun>;
  write(name: "environments.toml" | "codex-env.toml", text: string): void;
  /** Undefined where there is no such file. */
  read(name: "environments.toml" | "codex-env.toml"): string | undefined;
}

export function envFixture(): EnvFixture {
  let home = "";
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "codex-env-cli-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  return {
    get home() {
      return home;
    },
    run: (words, variables = {}) => runCli(["env", ...words], { env: { CODEX_HOME: home, ...variables } }),
    write: (name, text) => writeFileSync(join(home, name), text, { mode: 0o600 }),
    read: (name) => (existsSync(join(home, name)) ? readFileSync(join(home, name), "utf8") : undefined),
  };
}
