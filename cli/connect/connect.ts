import { isatty } from "node:tty";
import { ExitCode } from "../exit-codes.ts";
import { openFailure } from "../link/failure.ts";
import { type LinkRequest, linkTo } from "../link/link-flags.ts";
import { openLink } from "../link/open-link.ts";
import { requestFor } from "../link/request-for.ts";
import { OutputClosedError } from "../terminal/output.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { Screen } from "../terminal/screen.ts";
import type { Whereabouts } from "./place.ts";
import { Repl } from "./repl.ts";
import { runScript } from "./run-script.ts";
import { TerminalControl } from "./terminal-control.ts";

/** What a shell reports for a writer whose reader went away: 128 + SIGPIPE. */
const brokenPipe = 141;

/** How long a session may outlive a cut link where nobody says it, s. */
const usualTtlSeconds = 3_600;

/** The REPL, from its first session to its exit code. */
export async function connect(request: LinkRequest): Promise<number> {
  const screen = new Screen("codex-env");
  try {
    const interactive = isatty(0) && isatty(1);
    const repl = await Repl.open({
      open: (where, events) =>
        openLink(requestTo(where, request), {
          clientName: "codex-env connect",
          usualTtlSeconds,
          // Where a line left the shell is read from a file.
          uses: ["commands", "files"],
          ...events,
          note: (sentence) => screen.note(sentence),
        }),
      screen,
      terminal: interactive ? new TerminalControl(screen) : undefined,
    });
    return await run(repl, request.resume);
  } catch (error) {
    const failure = openFailure(error);
    if (failure === undefined) throw error;
    screen.note(failure.sentence);
    return failure.exitCode;
  }
}

function requestTo(where: Whereabouts, request: LinkRequest): LinkRequest {
  if (where === undefined) return request;
  return typeof where === "string" ? linkTo(where, request) : requestFor(where, request);
}

async function run(repl: Repl, resume: boolean): Promise<number> {
  using _signals = leaveOnSignals(repl);
  try {
    const lines = repl.terminal === undefined ? runScript(repl) : interact(repl);
    // Without resuming, and for lines that come from a pipe, a lost session is the end.
    if (resume && repl.terminal !== undefined) return await lines;
    return await Promise.race([
      lines,
      repl.lost.then(() => ExitCode.linkLost),
      repl.screen.gone.then((error) => unwritable(repl, error)),
    ]);
  } finally {
    await repl.close();
    repl.terminal?.[Symbol.dispose]();
  }
}

async function interact(repl: Repl): Promise<number> {
  const { interactive } = await import("./interactive.ts");
  return await interactive(repl);
}

function unwritable({ screen }: Repl, error: Error): number {
  if (error instanceof OutputClosedError) return brokenPipe;
  screen.note(sanitise(error.message));
  return ExitCode.exitUnknown;
}

/** SIGTERM and SIGHUP end the REPL in order: the terminal is put right and nothing is left running. */
function leaveOnSignals(repl: Repl): Disposable {
  const leave = (_name: string, number: number) => {
    repl.close().finally(() => process.exit(128 + number));
  };
  process.on("SIGTERM", leave);
  process.on("SIGHUP", leave);
  return {
    [Symbol.dispose]() {
      process.off("SIGTERM", leave);
      process.off("SIGHUP", leave);
    },
  };
}
