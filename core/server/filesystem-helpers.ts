import { firstAnswerProgram } from "../filesystem/sandboxed/first-answer/first-answer-program.ts";
import { plainPath } from "../filesystem/sandboxed/first-answer/plain-path.ts";
import type { HelperProcess, HelperStart, SpawnHelper } from "../filesystem/sandboxed/pool/helper-process.ts";
import { limits } from "../limits.ts";
import type { OutputSource, SpawnedProcess, Spawner, SpawnPlan } from "../process/spawned-process.ts";
import type { Mechanism } from "../sandbox/mechanism.ts";
import type { SandboxPlan } from "../sandbox/plan/sandbox-plan.ts";
import { SandboxRefusal } from "../sandbox/sandbox-refusal.ts";
import { ownProgram } from "./own-program.ts";

/** Starts filesystem helpers: this very program, under the name that makes it one, in the sandbox of a plan. */
export function helperSpawner(spawner: Spawner, mechanism: () => Promise<Mechanism>): SpawnHelper {
  return async (plan, start) => {
    const holder = await mechanism();
    if (holder.kind === "none") throw new SandboxRefusal(holder.reason);
    const process = await spawner.spawn({
      ...(answeringFirst(holder, plan, start) ?? helperItself(start)),
      cwd: "/",
      env: [],
      stdio: { kind: "pipes", stdin: true },
      sandbox: { plan, mechanism: holder, judged: true },
    });
    return asHelper(process);
  };
}

type Program = Pick<SpawnPlan, "argv" | "executable" | "inherited">;

function helperItself({ socket }: HelperStart): Program {
  return { argv: ["codex-fs"], executable: ownProgram(), inherited: [socket] };
}

/**
 * A small program that becomes the helper, and does the first request before, if it is one for a plain file that the
 * plan lets be read. Not where Landlock holds it, which lets one program be executed, and that is the helper.
 */
function answeringFirst(
  holder: Mechanism,
  plan: SandboxPlan,
  { socket, first }: HelperStart,
): Program | null {
  if (holder.kind !== "bubblewrap") return null;
  const path = plainPath(plan, first);
  const program = path === null ? null : firstAnswerProgram();
  if (path === null || program === null) return null;
  return { argv: ["first-answer", path], executable: program, inherited: [socket, ownProgram()] };
}

function asHelper(process: SpawnedProcess): HelperProcess {
  const { input } = process;
  const stdout = process.outputs.find(({ name }) => name === "stdout");
  const stderr = process.outputs.find(({ name }) => name === "stderr");
  if (input === undefined || stdout === undefined || stderr === undefined) {
    throw new Error("a helper has three pipes");
  }
  const words = lastWords(stderr);
  return {
    write: (bytes) => input.write(bytes),
    read: () => stdout.read(),
    ended: process.exited.then(async (end) => {
      process.killTree();
      return { status: statusOf(end), words: await words };
    }),
    kill() {
      process.killTree();
      input.close();
      stdout.close();
      stderr.close();
    },
  };
}

function statusOf(end: Awaited<SpawnedProcess["exited"]>): string {
  return end.kind === "exited" ? `status exit status: ${end.code}` : `unknown status: ${end.reason}`;
}

/** The start of what it says on standard error, which is read to its end. */
async function lastWords(stderr: OutputSource): Promise<string> {
  let words = "";
  for (let chunk = await stderr.read(); chunk !== null; chunk = await stderr.read()) {
    if (words.length < limits.fsHelperWordsCharacters) words += Buffer.from(chunk).toString();
  }
  return words;
}
