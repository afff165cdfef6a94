import type {
  ExitStatus,
  SpawnedProcess,
  Spawner,
  SpawnPlan,
  StdioPlan,
} from "../../../../core/process/spawned-process.ts";

export const pipes: StdioPlan = { kind: "pipes", stdin: false };
export const pipedStdin: StdioPlan = { kind: "pipes", stdin: true };
export const pty: StdioPlan = { kind: "pty", rows: 24, columns: 80 };

const path: SpawnPlan["env"] = [["PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]];

/** A plan with everything that a test does not care about filled in. */
export function plan(argv: SpawnPlan["argv"], rest: Partial<SpawnPlan> = {}): SpawnPlan {
  return { argv, cwd: "/tmp", env: path, stdio: pipes, ...rest };
}

/** A shell's script as a plan. */
export function script(text: string, rest: Partial<SpawnPlan> = {}): SpawnPlan {
  return plan(["/bin/sh", "-c", text], rest);
}

export interface Outcome {
  readonly status: ExitStatus;
  /** stdout, or everything that a PTY said. */
  readonly out: string;
  readonly err: string;
}

/** Everything that one output says up to its end. */
export async function readAll(child: SpawnedProcess, index = 0): Promise<string> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = await child.outputs[index]?.read();
    if (chunk === null || chunk === undefined) return Buffer.concat(chunks).toString();
    chunks.push(chunk);
  }
}

/** Reads until the output says `wanted`. Throws when it ends before. */
export async function readUntil(child: SpawnedProcess, wanted: string): Promise<string> {
  let text = "";
  while (!text.includes(wanted)) {
    const chunk = await child.outputs[0]?.read();
    if (chunk === null || chunk === undefined) throw new Error(`ended before "${wanted}": ${text}`);
    text += Buffer.from(chunk).toString();
  }
  return text;
}

/** Runs a command to the end of its tree. */
export async function run(spawner: Spawner, command: SpawnPlan): Promise<Outcome> {
  const child = await spawner.spawn(command);
  const [out, err, status] = await Promise.all([readAll(child), readAll(child, 1), child.exited]);
  child.input?.close();
  await child.treeGone;
  return { status, out, err };
}

/** Lets a child go whatever state the test left it in. */
export async function discard(child: SpawnedProcess): Promise<void> {
  child.killTree();
  child.input?.close();
  for (const output of child.outputs) output.close();
  await child.treeGone;
}
