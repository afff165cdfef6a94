import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CliRun, runCli } from "../../support/our-cli.ts";
import { ourServerCommand } from "../../support/our-program.ts";

/** A home of its own, with the environments `box` (the default, at a URL) and `stdio`, for jobs that are left. */
export class LeftJobs implements Disposable {
  readonly home: string = mkdtempSync(join(tmpdir(), "codex-env-attach-"));
  readonly environmentsFile: string = join(this.home, "environments.toml");
  readonly env: Readonly<Record<string, string>> = {
    CODEX_HOME: this.home,
    XDG_STATE_HOME: this.home,
    HOME: this.home,
    CODEX_EXEC_SERVER_URL: "",
  };
  readonly #registry = join(this.home, "codex-env/sessions");

  constructor(url: string) {
    const [program, ...args] = [...ourServerCommand(), "--listen", "stdio", "--log-level", "error"];
    writeFileSync(
      this.environmentsFile,
      `default = "box"
[[environments]]
id = "box"
url = "${url}"
[[environments]]
id = "stdio"
program = ${JSON.stringify(program)}
args = ${JSON.stringify(args)}
`,
    );
  }

  run(words: readonly string[], stdin?: string): Promise<CliRun> {
    return runCli(words, { env: this.env, ...(stdin === undefined ? {} : { stdin }) });
  }

  connect(stdin: string, words: readonly string[] = []): Promise<CliRun> {
    return this.run(["connect", ...words], stdin);
  }

  /** A line that writes `first`, waits for {@link go}, writes `second`, and exits with 7. */
  waiting(name = "go"): string {
    const wait = `while test ! -e ${this.home}/${name}; do sleep 0.02; done`;
    return `sh -c "echo first; touch ${this.home}/begun-${name}; ${wait}; echo second; exit 7"`;
  }

  /** A line that waits until that one has begun. */
  begun(name = "go"): string {
    return `until test -e ${this.home}/begun-${name}; do sleep 0.02; done\n`;
  }

  go(name = "go"): void {
    writeFileSync(join(this.home, name), "");
  }

  leaveOne(): Promise<CliRun> {
    return this.connect(`${this.waiting()} &\n${this.begun()}.detach\necho here still\n`);
  }

  /** What stands in the registry, a text for each session. */
  entries(): readonly string[] {
    if (!existsSync(this.#registry)) return [];
    return readdirSync(this.#registry).map((name) => read(join(this.#registry, name)));
  }

  [Symbol.dispose](): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** What the job wrote. When exactly it arrives is nobody's promise; that each line is shown once is. */
export function written(...runs: readonly { readonly stdout: string }[]): readonly string[] {
  return runs.flatMap(({ stdout }) =>
    stdout.split("\n").filter((line) => line === "first" || line === "second"),
  );
}

/** Empty where it has just been removed. */
function read(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
