import type { ExecClient } from "../../core/client/connect-client.ts";
import type { StartSpec } from "../../core/process/process-backend.ts";
import type { RemoteProcess } from "../../core/process/remote/remote-process.ts";
import { terminalSize } from "../terminal/terminal-size.ts";
import { converse } from "./converse.ts";
import { exitCodeOf } from "./outcome.ts";
import { hasStdin } from "./pipe-stdin.ts";
import { refusal } from "./refusal.ts";
import { say } from "./say.ts";

export interface CommandPlan {
  readonly argv: readonly [string, ...string[]];
  /** A file URI. */
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly tty: boolean;
  /** Is told of the command once it runs. */
  started(process: RemoteProcess): void;
}

/** Runs a command with our stdin, stdout, stderr and signals. Resolves to the exit code to end with. */
export async function runCommand(client: ExecClient, plan: CommandPlan): Promise<number> {
  const outcome = await converse({
    client,
    tty: plan.tty,
    stdin: true,
    canLeave: false,
    async begin(sink) {
      const process = await client.processes.start(startSpec(plan), sink);
      plan.started(process);
      return process;
    },
  });
  if (outcome.kind !== "refused") return exitCodeOf(outcome);
  const failure = refusal(outcome.error, plan);
  if (failure === undefined) throw outcome.error;
  say(failure.sentence);
  return failure.exitCode;
}

function startSpec(plan: CommandPlan): StartSpec {
  return {
    argv: plan.argv,
    cwd: plan.cwd,
    inherit: "all",
    env: { ...(plan.tty ? { TERM: process.env["TERM"] ?? "dumb" } : {}), ...plan.variables },
    stdio: plan.tty ? { kind: "pty", ...terminalSize() } : { kind: "pipes", stdin: hasStdin() },
  };
}
