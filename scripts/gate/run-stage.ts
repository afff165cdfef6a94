import { root } from "../root.ts";
import { type Counts, countExitCode, countTests } from "./counts.ts";
import { descendants } from "./descendants.ts";
import { endAll } from "./leftovers.ts";
import { stageEnvironment } from "./stage-environment.ts";
import { type Stage, stageDeadline } from "./stages.ts";

export interface StageResult {
  readonly counts: Counts;
  readonly printed: string;
  readonly seconds: number;
}

/** Runs one stage to its end, or to its deadline. */
export async function runStage(stage: Stage): Promise<StageResult> {
  const started = performance.now();
  const log = `${root}/.cache/gate/${stage.name.replaceAll(" ", "-")}.log`;
  await Bun.write(log, "");
  // A file, not a pipe: a process that a test left behind would hold the pipe open and the gate with it.
  const [program = "", ...args] = stage.command;
  const running = Bun.spawn(["sh", "-c", 'exec "$0" "$@" 2>&1', program, ...args], {
    cwd: root,
    env: stageEnvironment(),
    stdin: "ignore",
    stdout: Bun.file(log),
    stderr: "ignore",
  });
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    endAll(descendants());
  }, stageDeadline);
  const exitCode = await running.exited;
  clearTimeout(deadline);
  const told = await Bun.file(log).text();
  const printed = late
    ? `${told}\n"${stage.name}" took more than ${stageDeadline / 1000} s and was ended\n`
    : told;
  const counts = stage.counts === "tests" ? countTests(printed, exitCode) : countExitCode(exitCode);
  return { counts, printed, seconds: (performance.now() - started) / 1000 };
}
