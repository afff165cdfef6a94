import type { ArgumentDefinitions, ArgumentValues } from "./arguments/definition.ts";
import { parseArguments } from "./arguments/parse.ts";
import { UsageError } from "./arguments/usage-error.ts";
import { describeError } from "./describe-error.ts";
import { printNotice, printResult } from "./terminal/print.ts";

export { UsageError };

/** Something that can be called with the words typed after its name. Resolves to the exit code. */
export interface Command {
  readonly summary: string;
  execute(raw: readonly string[]): Promise<number>;
}

export interface CommandOptions<A extends ArgumentDefinitions> {
  /** As typed, for example `codex-env serve`. */
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  readonly args: A;
  /** Names what follows the flags and is handed on untouched, for example `CMD [ARGS]` of `exec`. */
  readonly rest?: { readonly name: string; readonly required: boolean };
  /** How it is typed, where that says more than the arguments do. */
  readonly usage?: readonly string[];
  /** Paragraphs shown after the flags in the help; it breaks their lines. */
  readonly notes?: readonly string[];
  /** Lines to type, up to 78 columns each. */
  readonly examples?: readonly string[];
  /** Those that mean more than done, failed and bad usage. */
  readonly exitCodes?: readonly (readonly [code: string, meaning: string])[];
  /** 2, unless the command passes on exit codes that are not its own. */
  readonly usageExitCode?: number;
  /**
   * Does the work and resolves to the exit code (nothing is 0). What was written must have been flushed by
   * then: the process ends right after. A thrown UsageError is bad usage; any other error is told in one
   * line on stderr and exits 1.
   */
  run(given: CommandInput<A>): Promise<number | undefined> | number | undefined;
}

export interface CommandInput<A extends ArgumentDefinitions> {
  readonly args: ArgumentValues<A>;
  readonly rest: readonly string[];
}

/**
 * A command with typed arguments:
 *
 *     export default command({
 *       name: "codex-env serve",
 *       summary: "Serve this machine to Codex",
 *       args: {
 *         listen: { type: "string", valueHint: "URL", default: "ws://127.0.0.1:0", description: "Where to listen" },
 *         "allow-host": { type: "string", valueHint: "NAME", repeat: true, description: "A Host to accept" },
 *         "log-format": { type: "enum", options: ["text", "json"], default: "text", description: "Form of the log" },
 *         tty: { type: "boolean", negatable: true, description: "Use a PTY" },
 *       },
 *       async run({ args }) {
 *         args.listen;        // string
 *         args["allow-host"]; // readonly string[]
 *         args["log-format"]; // "text" | "json"
 *         args.tty;           // boolean | undefined
 *         return 0;
 *       },
 *     });
 *
 * `--help` and `-h` print the help on stdout. Bad usage prints a line that names the argument and exits 2.
 */
export function command<const A extends ArgumentDefinitions>(options: CommandOptions<A>): Command {
  return { summary: options.summary, execute: (raw) => execute(options, raw) };
}

async function execute<A extends ArgumentDefinitions>(
  options: CommandOptions<A>,
  raw: readonly string[],
): Promise<number> {
  try {
    const parsed = parseArguments(raw, options.args, options.rest !== undefined);
    if (parsed === "help") {
      const { renderHelp } = await import("./arguments/help.ts");
      await printResult(await renderHelp(options));
      return 0;
    }
    if (options.rest?.required && parsed.rest.length === 0) {
      throw new UsageError(`${options.rest.name} is missing`);
    }
    return (await options.run(parsed)) ?? 0;
  } catch (error) {
    await printNotice(`${options.name}: ${describeError(error)}\n`);
    if (!(error instanceof UsageError)) return 1;
    await printNotice(`Try ${options.name} --help\n`);
    return options.usageExitCode ?? 2;
  }
}
