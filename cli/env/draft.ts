import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { ConfigText } from "../../core/environment/config/parse-config.ts";

/** A copy of a file to be edited, in a directory of its own that nobody else can open. */
export class Draft {
  readonly path: string;
  readonly #directory: string;

  constructor({ path, text }: ConfigText) {
    this.#directory = mkdtempSync(join(tmpdir(), "codex-env-edit-"));
    this.path = join(this.#directory, basename(path));
    writeFileSync(this.path, text, { mode: 0o600 });
  }

  async read(): Promise<string> {
    return await Bun.file(this.path).text();
  }

  discard(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
