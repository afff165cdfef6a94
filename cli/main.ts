import { runCommandLine } from "./command-line.ts";
import { type Mode, modeFor } from "./modes.ts";
import { printNotice } from "./terminal/print.ts";

// A compiled Bun program obeys these, so a child of ours that is one would run foreign code.
delete process.env["BUN_BE_BUN"];
delete process.env["BUN_OPTIONS"];

run(modeFor(process.argv0), process.argv.slice(2)).then(
  (exitCode) => process.exit(exitCode),
  async (error: unknown) => {
    const { describeError } = await import("./describe-error.ts");
    await printNotice(`codex-env: ${describeError(error)}\n`);
    process.exit(1);
  },
);

async function run(mode: Mode, words: readonly string[]): Promise<number> {
  if (mode === "command line") return await runCommandLine(words);
  if (mode === "filesystem helper") {
    const { runHelper } = await import("../core/filesystem/sandboxed/helper/run-helper.ts");
    return await runHelper(words);
  }
  const { launch } = await import("./sandbox/launch.ts");
  return await launch("codex-linux-sandbox", words);
}
