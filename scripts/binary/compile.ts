import { root } from "../root.ts";

export interface CompileOptions {
  /** The file to write. */
  readonly output: string;
  /** For another machine: Bun's name of it (`bun-darwin-arm64`), and the Bun that the program is put into. */
  readonly target?: { readonly name: string; readonly runtime: string };
}

/** Compiles cli/main.ts into one executable. Throws with the compiler's words when it cannot. */
export async function compile(options: CompileOptions): Promise<void> {
  const flags = ["--compile", "--minify", "--bytecode", "--sourcemap=none", `--outfile=${options.output}`];
  // Split by command: what a command does not need is not even looked at when it starts.
  flags.push("--format=esm", "--splitting");
  // Without these two a compiled program runs what a `.env` or `bunfig.toml` in its working directory says.
  flags.push("--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig");
  const { target } = options;
  if (target) flags.push(`--target=${target.name}`, `--compile-executable-path=${target.runtime}`);
  const compiler = Bun.spawn([process.execPath, "build", ...flags, "cli/main.ts"], {
    cwd: root,
    stdout: "pipe",
    stderr: "pipe",
  });
  const [said, complained] = await Promise.all([compiler.stdout.text(), compiler.stderr.text()]);
  if ((await compiler.exited) !== 0) throw new Error(`bun build failed:\n${said}${complained}`);
}
