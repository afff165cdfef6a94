import { readlinkSync } from "node:fs";
import { bubblewrapArguments } from "../bubblewrap/bubblewrap-arguments.ts";
import { expectedMounts } from "../bubblewrap/expected-mounts.ts";
import { hostMounts } from "../bubblewrap/host-mounts.ts";
import { laterMounts } from "../bubblewrap/later-mounts.ts";
import { writingRules } from "../bubblewrap/writing-rules.ts";
import { landlockRules } from "../landlock/landlock-rules.ts";
import { rootEntries } from "../landlock/root-entries.ts";
import type { Bubblewrap, Mechanism } from "../mechanism.ts";
import type { SandboxPlan } from "../plan/sandbox-plan.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { seccompProgram } from "../seccomp/seccomp-program.ts";
import { assembleLaunch } from "./assemble-launch.ts";
import { holdNames, noNames } from "./held-names.ts";
import type { Launch } from "./launch.ts";
import { holdNetworkedMark } from "./networked-mark.ts";
import type { Placeholder } from "./placeholder.ts";
import { standsToStay } from "./placeholder-marker.ts";
import { privateDirectory } from "./private-directory.ts";
import { refuseExposedState } from "./refuse-exposed-state.ts";
import { refuseUnholdable } from "./refuse-unholdable.ts";
import type { SandboxedCommand } from "./sandboxed-command.ts";
import { type Confinement, encodeStageBlob } from "./stage-blob.ts";
import { stageProgram } from "./stage-image.ts";

/** What holds a command: a mechanism of the machine, or the filter alone where only the network is restricted. */
export type Holder = Mechanism | { readonly kind: "seccomp" };

export interface LaunchRequest {
  readonly plan: SandboxPlan;
  readonly holder: Holder;
  readonly command: SandboxedCommand;
  /** stdin, stdout and stderr of the command: where it has a terminal, three times that. They stay the caller's. */
  readonly stdio: readonly [number, number, number];
  /** The command refuses missing names itself: nothing is made on the host for them. */
  readonly judged: boolean;
}

/** Where the stage, being init, has its own program; and the first descriptor of all. See ../stage/README.md. */
const programDescriptor = 6;
const firstDescriptor = 3;

/** Turns a plan and a command into what has to be executed. Throws SandboxRefusal; nothing stays open or made then. */
export async function composeLaunch(request: LaunchRequest): Promise<Launch> {
  switch (request.holder.kind) {
    case "bubblewrap":
      return await composeBubblewrap(request, request.holder.bubblewrap);
    case "landlock":
      refuseExposedState(request.plan);
      if (!request.judged) refuseUnholdable(request.plan);
      return composeBecoming(
        request,
        landlockConfinement(request, request.holder.abi),
        holdNetworkedMark(request.plan),
      );
    case "seccomp":
      return composeBecoming(request, {
        filter: seccompProgram(request.plan.network, machine()),
        dropCapabilities: false,
      });
    case "none":
      throw new SandboxRefusal(`this machine cannot hold a sandbox: ${request.holder.reason}`);
  }
}

async function composeBubblewrap(request: LaunchRequest, bubblewrap: Bubblewrap): Promise<Launch> {
  const { command, judged } = request;
  const plan = judged ? withoutMissing(request.plan) : request.plan;
  if (!judged) refuseUnholdable(plan);
  const { maskFile, placeholders: registry } = privateDirectory();
  const names = judged ? noNames : await holdNames(plan, registry);
  return assembleLaunch(names.placeholders, "with orders", ({ memory, keep, status, orders }) => {
    const passed = [status, orders, stageProgram(), ...request.stdio, ...handed(command)];
    const seccompDescriptor = firstDescriptor + 1 + passed.length;
    const made = bubblewrapArguments(plan, {
      seccompDescriptor,
      maskFile,
      placeholders: names.stands,
      noDevices: judged && plan.disk !== "write",
      ...(command.terminal ? terminalOf(request.stdio[0]) : {}),
      newSession: true,
    });
    const host = hostMounts();
    const every = [...made.bubblewrap, ...made.later];
    const mounts = expectedMounts(every, host);
    const landlock = judged ? undefined : writingRules(every);
    const blob = memory(encodeStageBlob(command, landlock === undefined ? { mounts } : { mounts, landlock }));
    const filter = memory(seccompProgram(plan.network, machine()));
    const { shown, plan: planned } = laterMounts(made, plan.disk, host);
    const told = memory(Buffer.from([...made.bubblewrap, ...shown].map((word) => `${word}\0`).join("")));
    const descriptors = [blob, ...passed, filter, told, memory(planned), keep(bubblewrap.open())];
    const end = firstDescriptor + descriptors.length;
    return {
      executable: stageProgram(),
      argv: [
        "codex-env-stage",
        ...["around", `${end - 1}`, `${end - 2}`, `${end}`],
        ...["bwrap", "--args", `${seccompDescriptor + 1}`],
        ...["--", `/proc/self/fd/${programDescriptor}`, "init", `${end}`],
      ],
      descriptors,
      stage: "init",
    };
  });
}

/** A terminal's name on the host. */
function terminalOf(descriptor: number): { readonly terminal?: string } {
  const name = readlinkSync(`/proc/self/fd/${descriptor}`);
  return name.startsWith("/dev/pts/") ? { terminal: name } : {};
}

/** The stage puts the confinement on and becomes the command. */
function composeBecoming(
  request: LaunchRequest,
  confinement: Confinement,
  placeholders: readonly Placeholder[] = [],
): Launch {
  const { command } = request;
  return assembleLaunch(placeholders, "without orders", ({ memory, status }) => ({
    executable: stageProgram(),
    argv: ["codex-env-stage", "become"],
    descriptors: [memory(encodeStageBlob(command, confinement)), status, ...handed(command)],
    stage: "become",
  }));
}

function landlockConfinement({ plan, judged }: LaunchRequest, abi: number): Confinement {
  return {
    filter: seccompProgram(plan.network, machine(), "landlock"),
    dropCapabilities: true,
    landlock: landlockRules(plan, { abi, rootEntries: rootEntries(), judged }),
  };
}

/**
 * Names that are not there, or only lead elsewhere, left out: whoever is inside judges each name by itself. So are
 * placeholders, which may vanish at any time.
 */
function withoutMissing(plan: SandboxPlan): SandboxPlan {
  const rules = plan.rules.filter(
    ({ access, path, stands }) =>
      (stands === "directory" || stands === "file") && (access === "write" || standsToStay(path)),
  );
  return { ...plan, rules };
}

function handed(command: SandboxedCommand): readonly number[] {
  const { inherited, executable } = command;
  return executable === undefined ? inherited : [...inherited, executable];
}

function machine(): "x64" | "arm64" {
  return process.arch === "arm64" ? "arm64" : "x64";
}
