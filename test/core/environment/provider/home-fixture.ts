import { afterEach, beforeEach } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSnapshot } from "../../../../core/environment/provider/load-snapshot.ts";

/** A CODEX_HOME for each test of a file. */
export interface HomeFixture {
  readonly home: string;
  load(variables?: Readonly<Record<string, string>>): ReturnType<typeof loadSnapshot>;
  write(text: string | Uint8Array, name?: string): void;
}

export function homeFixture(): HomeFixture {
  let home = "";
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "codex-env-home-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  return {
    get home() {
      return home;
    },
    load: (variables = {}) => loadSnapshot({ CODEX_HOME: home, ...variables }),
    write: (text, name = "environments.toml") => writeFileSync(join(home, name), text, { mode: 0o600 }),
  };
}
