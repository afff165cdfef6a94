import { uriToPath } from "../../core/client/remote-path.ts";
import { ExitCode } from "../exit-codes.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { addressedLine } from "./addressed-line.ts";
import { completeLine } from "./complete-line.ts";
import { evaluate } from "./evaluate.ts";
import { History } from "./history.ts";
import { describeJobState } from "./job-state.ts";
import { LineEditor } from "./line-editor.ts";
import { renderPrompt } from "./prompt.ts";
import type { Repl } from "./repl.ts";
import { scanLine } from "./scan-line.ts";

const continuation = "> ";

/** Asks for lines at a terminal and runs them until the user leaves. Resolves to the exit code. */
export async function interactive(repl: Repl): Promise<number> {
  const { terminal, screen } = repl;
  if (terminal === undefined) throw new Error("there is no terminal");
  const editor = new LineEditor({
    terminal,
    screen,
    history: History.open(process.env),
    complete: (line) => completeLine(repl, line),
  });
  screen.note(greeting(repl));
  let text = "";
  while (repl.quitWith === undefined) {
    screen.endLine();
    if (text === "") announceEnded(repl);
    const typed = await editor.ask(() => (text === "" ? prompt(repl) : continuation));
    // In the middle of a line both give it up; the terminal's own end comes once more.
    if (typed.kind === "end" && text === "") break;
    if (typed.kind !== "line") {
      await screen.result(typed.kind === "end" ? "^D\n" : "^C\n");
      text = "";
      continue;
    }
    text = text === "" ? typed.text : `${text}\n${typed.text}`;
    if (scanLine(text).unfinished !== undefined && !/^\s*\.[a-z]/.test(addressedLine(text).line)) continue;
    const whole = text;
    text = "";
    await evaluate(repl, whole);
  }
  editor.close();
  // Whoever leaves a session that is gone learns it from the code, whatever the last line gave.
  return repl.quitWith ?? (repl.client.state.kind === "lost" ? ExitCode.linkLost : repl.lastExit);
}

function prompt({ place, lastExit, lastDurationMs }: Repl): string {
  const { name, shell, client } = place;
  const home = client.info.userHomeDir;
  return renderPrompt({
    environment: name,
    cwd: shell.cwd,
    home: home ? uriToPath(home) : undefined,
    lastExit,
    lastDurationMs,
    linkIsUp: client.state.kind === "ready",
  });
}

function greeting({ place: { name, reach, client } }: Repl): string {
  const where = reach.kind === "environment" ? ` to ${sanitise(name)}` : "";
  const { untold, shell } = client.info;
  const silent = untold ? "; its server says nothing of itself" : "";
  return `connected${where}${silent}; lines run in ${sanitise(shell.path)}, .help lists more, Ctrl-D leaves`;
}

/** Tells of jobs that ended since the last prompt. They stay in `.jobs` for their log. */
function announceEnded(repl: Repl): void {
  for (const job of repl.jobs.all()) {
    if (job.announced || job.state.kind === "running" || job.state.kind === "stopped") continue;
    job.announced = true;
    repl.screen.note(`[${job.number}] ${describeJobState(job)}: ${sanitise(job.line)}`);
  }
}
