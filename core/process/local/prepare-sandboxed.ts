import { closeSync, constants, openSync } from "node:fs";
import { openPipe } from "../../host/descriptors.ts";
import { composeLaunch } from "../../sandbox/launch/compose-launch.ts";
import type { Launch } from "../../sandbox/launch/launch.ts";
import type { ProcessSandbox, SpawnPlan } from "../spawned-process.ts";
import type { LaunchOptions } from "./guardian.ts";
import { HandedDescriptors } from "./handed-descriptors.ts";
import { SandboxedCommand } from "./sandboxed-command.ts";
import { encodeBlob } from "./wire.ts";

/** A sandboxed start that a guardian is to take. Disposing it closes what the guardian has copies of. */
export interface PreparedStart extends Disposable {
  readonly command: SandboxedCommand;
  readonly options: Omit<LaunchOptions, "openFiles">;
}

/** Opens and makes everything that a sandboxed start needs. Throws SandboxRefusal; nothing stays open or made then. */
export async function prepareSandboxed(plan: SpawnPlan, sandbox: ProcessSandbox): Promise<PreparedStart> {
  using undo = new DisposableStack();
  const descriptors = undo.use(new HandedDescriptors(plan.stdio));
  const ours = undo.use(new DisposableStack());
  ours.defer(() => descriptors.abandon());
  const own = sandbox.mechanism.kind === "bubblewrap" ? launcherStdio(undo) : undefined;
  if (own !== undefined) ours.adopt(own.complaints, closeSync);
  const launch = undo.use(await composed(plan, sandbox, descriptors));
  ours.move();
  const { argv, executable, placeholders } = launch.parts;
  const { stdio, control } = descriptors;
  const complaints = own === undefined ? {} : { complaints: own.complaints };
  const command = new SandboxedCommand({ stdio, control, ...complaints }, launch);
  const disposal = undo.move();
  return {
    command,
    options: {
      blob: encodeBlob({ argv, cwd: "/", env: [] }),
      ...stdioOptions(plan, descriptors, own),
      executable,
      inherited: launch.parts.descriptors,
      placeholders,
    },
    [Symbol.dispose]: () => disposal.dispose(),
  };
}

async function composed(
  plan: SpawnPlan,
  sandbox: ProcessSandbox,
  descriptors: HandedDescriptors,
): Promise<Launch> {
  const [stdin = -1, stdout = -1, stderr = -1] = descriptors.stdio.childEnds;
  const terminal = plan.stdio.kind === "pty";
  return await composeLaunch({
    plan: sandbox.plan,
    holder: sandbox.mechanism,
    judged: sandbox.judged ?? false,
    command: { ...plan, inherited: plan.inherited ?? [], terminal },
    stdio: terminal ? [stdin, stdin, stdin] : [stdin, stdout, stderr],
  });
}

interface LauncherStdio {
  readonly nothing: number;
  readonly stderr: number;
  /** Read end of its stderr: ours. */
  readonly complaints: number;
}

/** The launcher has nothing of the command's: its words must not mix with output. */
function launcherStdio(undo: DisposableStack): LauncherStdio {
  const nothing = undo.adopt(openSync("/dev/null", constants.O_RDWR), closeSync);
  const { readEnd, writeEnd } = openPipe();
  return { nothing, stderr: undo.adopt(writeEnd, closeSync), complaints: readEnd };
}

function stdioOptions(
  plan: SpawnPlan,
  descriptors: HandedDescriptors,
  launcher: LauncherStdio | undefined,
): Pick<LaunchOptions, "terminal" | "descriptors" | "pump"> {
  const terminal = plan.stdio.kind === "pty";
  if (launcher === undefined) return { terminal: terminal ? "own" : "none", descriptors: descriptors.all };
  const { nothing, stderr } = launcher;
  const own = [descriptors.controlled, nothing, nothing, stderr];
  const [, master, output] = descriptors.stdio.childEnds;
  if (!terminal || master === undefined || output === undefined)
    return { terminal: "none", descriptors: own };
  return { terminal: "handed", descriptors: own, pump: [master, output] };
}
