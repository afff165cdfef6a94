import { existsSync, readFileSync } from "node:fs";
import type { HostExamination } from "../../core/sandbox/host/examine-host.ts";
import { kernelSetting } from "../../core/sandbox/host/kernel-settings.ts";
import { leastLandlockAbi } from "../../core/sandbox/landlock/landlock-rules.ts";
import type { Check } from "./check.ts";

/** What the kernel itself offers. `bubblewrapWorks`: nothing has to stand in for it. */
export function kernelChecks(examined: HostExamination, bubblewrapWorks: boolean): readonly Check[] {
  return [
    {
      id: "seccomp",
      title: "seccomp filters",
      ...(examined.seccomp
        ? { state: "ok", finding: "taken" }
        : {
            state: "fails",
            finding: "not taken",
            cure: "a kernel with CONFIG_SECCOMP_FILTER; in a container, one whose own filter lets seccomp through",
          }),
    },
    {
      id: "noNewPrivileges",
      title: "no_new_privs",
      ...(examined.noNewPrivileges
        ? { state: "ok", finding: "known" }
        : { state: "fails", finding: "not known", cure: "Linux 3.5 or later" }),
    },
    landlockCheck(examined.landlockAbi, bubblewrapWorks),
    yamaCheck(),
    cgroupCheck(),
  ];
}

function landlockCheck(abi: number, bubblewrapWorks: boolean): Check {
  const about = { id: "landlock", title: "Landlock" };
  const finding = abi === 0 ? "not there" : `version ${abi}`;
  if (abi >= leastLandlockAbi) return { ...about, state: "ok", finding };
  const needed = `${finding}; ${leastLandlockAbi} is needed where bubblewrap cannot be used`;
  if (bubblewrapWorks) return { ...about, state: "note", finding: needed };
  const cure = "Linux 6.12 or later, with landlock in lsm= of its command line";
  return { ...about, state: "fails", finding: needed, cure };
}

/** Sandboxes do not stand on it: they have no other processes to trace, and ptrace is filtered. */
function yamaCheck(): Check {
  const scope = kernelSetting("kernel.yama.ptrace_scope");
  const finding =
    scope === undefined
      ? "not in this kernel: commands without a sandbox may trace others of the same account"
      : `kernel.yama.ptrace_scope is ${scope}`;
  return { id: "yama", title: "limit on ptrace (Yama)", state: scope === undefined ? "note" : "ok", finding };
}

/** Sandboxes get a cgroup namespace, which both versions have; nothing is limited by cgroups yet. */
function cgroupCheck(): Check {
  const about = { id: "cgroup", title: "cgroups" };
  if (!existsSync("/proc/self/ns/cgroup")) {
    return {
      ...about,
      state: "fails",
      finding: "no cgroup namespaces",
      cure: "Linux 4.6 or later, with CONFIG_CGROUPS",
    };
  }
  const mounts = readFileSync("/proc/self/mounts", "utf8");
  const [, place] = /^\S+ (\S+) cgroup2 /m.exec(mounts) ?? [];
  return { ...about, state: "ok", finding: place === undefined ? "version 1 only" : `version 2 at ${place}` };
}
