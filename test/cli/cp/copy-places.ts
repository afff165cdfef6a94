import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CliRun, runCli } from "../../support/our-cli.ts";

/** The directory that `cp` runs in, and one that stands for the other side. */
export class CopyPlaces implements Disposable {
  readonly directory: string = mkdtempSync(join(tmpdir(), "codex-env-cp-"));
  readonly here: string = join(this.directory, "here");
  readonly there: string = join(this.directory, "there");

  constructor() {
    mkdirSync(this.here);
    mkdirSync(this.there);
  }

  cp(url: string, words: readonly string[]): Promise<CliRun> {
    return runCli(["cp", "--url", url, ...words], { cwd: this.here });
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
