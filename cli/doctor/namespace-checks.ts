import type { HostExamination } from "../../core/sandbox/host/examine-host.ts";
import { explainRefusal, isProcRefusal } from "../../core/sandbox/host/explain-refusal.ts";
import {
  appArmorSetting,
  forbiddenNamespaces,
  kernelSetting,
} from "../../core/sandbox/host/kernel-settings.ts";
import type { Trial } from "../../core/sandbox/host/try-namespaces.ts";
import type { Check } from "./check.ts";

const container =
  "in a container, start it with a seccomp profile that allows unshare, mount and pivot_root (Docker: --security-opt seccomp=unconfined --security-opt apparmor=unconfined)";

const unmaskedProc =
  "in a container, have /proc unmasked (Docker: --security-opt systempaths=unconfined, Podman: --security-opt unmask=ALL, Kubernetes: procMount: Unmasked)";

/** Whether the namespaces that a sandbox is made of can be made, and the settings that may forbid it. */
export function namespaceChecks({ namespaces }: HostExamination): readonly Check[] {
  return [
    trialCheck({ id: "userNamespaces", title: "user namespaces" }, namespaces?.user),
    trialCheck({ id: "networkNamespaces", title: "network namespaces" }, namespaces?.network),
    trialCheck({ id: "procMount", title: "a /proc of its own" }, namespaces?.proc),
    limitsCheck(),
    appArmorCheck(namespaces?.user.kind === "works" && namespaces.network.kind === "works"),
  ];
}

function trialCheck(about: Pick<Check, "id" | "title">, trial: Trial | undefined): Check {
  if (trial === undefined) {
    return { ...about, state: "note", finding: "not tried, as there is no bubblewrap that could" };
  }
  if (trial.kind === "works") return { ...about, state: "ok", finding: "made one" };
  const cure = isProcRefusal(trial.words) ? unmaskedProc : namespaceCure();
  return { ...about, state: "fails", finding: explainRefusal(trial.words), cure };
}

function namespaceCure(): string {
  const forbidden = forbiddenNamespaces();
  if (forbidden.length > 0) return forbidden.map((name) => `sysctl -w ${name}=10000`).join("; ");
  if (kernelSetting(appArmorSetting) === "1") return appArmorCure;
  if (kernelSetting("kernel.unprivileged_userns_clone") === "0")
    return "sysctl -w kernel.unprivileged_userns_clone=1";
  return container;
}

const appArmorCure = `give /usr/bin/bwrap an AppArmor profile that allows userns (Ubuntu: apt-get install apparmor-profiles, then load bwrap-userns-restrict), or sysctl -w ${appArmorSetting}=0`;

function limitsCheck(): Check {
  const about = { id: "namespaceLimits", title: "limits of namespaces" };
  const forbidden = forbiddenNamespaces();
  if (forbidden.length === 0) return { ...about, state: "ok", finding: "no user.max_*_namespaces is 0" };
  return {
    ...about,
    state: "fails",
    finding: `${forbidden.join(", ")} ${forbidden.length === 1 ? "is" : "are"} 0`,
    cure: forbidden.map((name) => `sysctl -w ${name}=10000`).join("; "),
  };
}

/** The setting only matters where it really keeps somebody from something: root and programs with a profile are free. */
function appArmorCheck(namespacesWork: boolean): Check {
  const about = { id: "appArmor", title: "AppArmor's limit on user namespaces" };
  const value = kernelSetting(appArmorSetting);
  if (value !== "1") {
    return {
      ...about,
      state: "ok",
      finding: value === undefined ? "not in this kernel" : `${appArmorSetting} is ${value}`,
    };
  }
  const finding = `${appArmorSetting} is 1`;
  return namespacesWork
    ? { ...about, state: "note", finding: `${finding}, without effect on this account` }
    : { ...about, state: "fails", finding, cure: appArmorCure };
}
