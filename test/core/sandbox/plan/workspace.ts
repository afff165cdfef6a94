import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Not below /tmp: profiles speak of that as a place of its own. */
const outsideTmp = "/var/tmp";

/** The tree that the profile table was recorded over: a workspace, and a directory beside it. */
export class Workspace implements Disposable {
  readonly base: string;
  readonly ws: string;
  readonly out: string;

  constructor() {
    this.base = realpathSync(mkdtempSync(join(outsideTmp, "plan-")));
    this.ws = this.make("s/ws");
    this.out = this.make("s/out");
    for (const directory of ["priv", "sub/deep", ".git"]) this.make(`s/ws/${directory}`);
    this.write("s/ws/a.txt", "inside");
    this.write("s/ws/priv/p.txt", "private");
    this.write("s/ws/sub/deep/x.env", "SECRET=1");
    this.write("s/ws/top.env", "SECRET=2");
    this.write("s/ws/.git/config", "[core]");
    this.write("s/out/o.txt", "outside");
  }

  make(path: string): string {
    const made = join(this.base, path);
    mkdirSync(made, { recursive: true });
    return made;
  }

  write(path: string, content = ""): string {
    const written = join(this.base, path);
    writeFileSync(written, content);
    return written;
  }

  [Symbol.dispose](): void {
    rmSync(this.base, { recursive: true });
  }
}
