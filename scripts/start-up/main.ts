import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../root.ts";

const rounds = 60;
const binary = `${root}/dist/codex-env`;

const place = await mkdtemp(join(tmpdir(), "codex-env-start-up-"));
try {
  const empty = await compileEmptyProgram();
  const commands = [[empty], [binary, "--version"], [binary, "--help"], [binary, "serve", "--help"]];
  const times = commands.map((): number[] => []);
  // In turn, so that what else the machine does meets all of them alike.
  for (let round = 0; round < rounds; round++) {
    for (const [index, command] of commands.entries()) times[index]?.push(run(command));
  }
  const base = median(times[0] ?? []);
  for (const [index, [program = "", ...words]] of commands.entries()) {
    const name = program === empty ? "an empty compiled program" : ["codex-env", ...words].join(" ");
    const time = median(times[index] ?? []);
    console.log(`${name.padEnd(26)} ${time.toFixed(2)} ms  ${(time / base).toFixed(2)}x`);
  }
} finally {
  await rm(place, { recursive: true });
}

async function compileEmptyProgram(): Promise<string> {
  const output = join(place, "empty");
  await Bun.write(join(place, "empty.ts"), "export {};\n");
  const flags = ["--compile", "--minify", "--bytecode", "--format=esm", `--outfile=${output}`];
  const built = Bun.spawnSync([process.execPath, "build", ...flags, join(place, "empty.ts")]);
  if (!built.success) throw new Error(`bun build failed:\n${built.stderr}`);
  return output;
}

/** Milliseconds from spawn to exit. */
function run(command: readonly string[]): number {
  const started = performance.now();
  Bun.spawnSync([...command], { stdout: "ignore", stderr: "ignore" });
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
