import { pathToUri } from "../../core/client/remote-path.ts";
import { terminalSize } from "../terminal/terminal-size.ts";
import { describeGap, Job } from "./job.ts";
import { lineStatePlace } from "./line-state-place.ts";
import type { Repl } from "./repl.ts";
import { lineShell, stateVariable, wrapLine } from "./wrap-line.ts";

export interface LineStart {
  readonly line: string;
  /** A job of its own: it gets no keys, and its directory and variables stay its own. */
  readonly background: boolean;
}

/** Starts a line in the environment's shell. Rejects as RemoteProcesses.start does. */
export async function startLine(repl: Repl, { line, background }: LineStart): Promise<Job> {
  const { place } = repl;
  const { client } = place;
  const shell = lineShell(client.info.shell);
  const tty = repl.pty && !background;
  const stateFile = background ? undefined : `${await lineStatePlace(client)}/codex-env-${newName()}`;
  const job = new Job(line, { place, stateFile });
  const { env, inherit } = place.shell.environment();
  if (!background) job.display(displayOn(repl));
  const size = terminalSize();
  const wrapping = { shell, tty, lastExit: repl.lastExit };
  // On the line of the wrapper's own prelude, so that messages number the line's lines as before.
  const sizing = tty && !client.info.capabilities.processResize ? setSize(size) : "";
  job.started(
    await client.processes.start(
      {
        argv: [
          shell.path,
          "-c",
          stateFile === undefined ? line : sizing + wrapLine(line, wrapping),
          shell.name,
        ],
        cwd: pathToUri(place.shell.cwd),
        inherit,
        env: {
          ...env,
          ...(tty ? { TERM: process.env["TERM"] ?? "dumb" } : {}),
          ...(stateFile === undefined ? {} : { [stateVariable]: stateFile }),
        },
        stdio: tty ? { kind: "pty", ...size } : { kind: "pipes", stdin: false },
      },
      job.sink,
    ),
  );
  return job;
}

/** Shows output as it is. */
export function displayOn(repl: Repl): NonNullable<Parameters<Job["display"]>[0]> {
  return (event) => {
    if (event.kind === "output") return repl.screen.bytes(event.stream === "stderr" ? 2 : 1, event.bytes);
    repl.screen.note(describeGap(event));
    return undefined;
  };
}

/** For a server that gives every PTY the same size. */
function setSize({ rows, columns }: ReturnType<typeof terminalSize>): string {
  return `stty rows ${rows} cols ${columns} 2>/dev/null; `;
}

function newName(): string {
  return crypto.getRandomValues(new Uint8Array(16)).toHex();
}
