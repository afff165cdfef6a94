import { readFileSync } from "node:fs";

/** Kinds of namespaces whose number the kernel limits by `user.max_KIND_namespaces`. */
const kinds = ["user", "mnt", "pid", "net", "ipc", "uts", "cgroup"];

/** The setting by which Ubuntu and its like keep unprivileged programs from new namespaces. */
export const appArmorSetting = "kernel.apparmor_restrict_unprivileged_userns";

/** The value of a setting, named as sysctl(8) does; undefined where this kernel does not have it. */
export function kernelSetting(name: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${name.replaceAll(".", "/")}`, "utf8").trim();
  } catch {
    return undefined;
  }
}

/** The limits of namespaces that are 0, by their full names: none of that kind can be made. */
export function forbiddenNamespaces(): readonly string[] {
  return kinds.map((kind) => `user.max_${kind}_namespaces`).filter((name) => kernelSetting(name) === "0");
}
