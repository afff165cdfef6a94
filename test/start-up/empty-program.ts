import { join } from "node:path";

/** Says one word and stays: the least that a compiled Bun program can be. */
const source = 'console.log("up");\nsetInterval(() => {}, 1_000_000);\n';

/** Compiles it in `directory`, by the Bun that runs the tests. Resolves to its path. */
export async function compileEmptyProgram(directory: string): Promise<string> {
  const entry = join(directory, "empty.ts");
  const output = join(directory, "empty");
  await Bun.write(entry, source);
  const flags = ["--compile", "--minify", "--bytecode", "--format=esm", `--outfile=${output}`];
  const compiler = Bun.spawn([process.execPath, "build", ...flags, entry], {
    cwd: directory,
    stdout: "ignore",
    stderr: "pipe",
  });
  const complaints = await compiler.stderr.text();
  if ((await compiler.exited) !== 0) throw new Error(`bun build failed:\n${complaints}`);
  return output;
}
