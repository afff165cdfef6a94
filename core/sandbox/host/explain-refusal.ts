import { readFileSync } from "node:fs";

/**
 * Says in a sentence with its cure why bubblewrap could not make a sandbox, by its own words. Words that are not known
 * are handed on.
 */
export function explainRefusal(words: string): string {
  if (/Can't mount proc|mount proc on/.test(words)) {
    return `this system refuses to mount /proc in a new pid namespace, as a container with a masked /proc does (${words})`;
  }
  if (/loopback|RTM_NEW/.test(words)) {
    return `a new network namespace cannot be set up${restrictedByAppArmor() ? `, as ${appArmor} is 1` : ""} (${words})`;
  }
  if (/uid map|gid map|namespace/i.test(words))
    return `this system refuses new namespaces: ${namespaceCause(words)}`;
  if (/seccomp/i.test(words)) return `the kernel takes no seccomp filter (${words})`;
  return words;
}

const appArmor = "kernel.apparmor_restrict_unprivileged_userns";

function namespaceCause(words: string): string {
  if (/ENOSPC|max_\*_namespaces/.test(words)) {
    const spent = exhausted();
    return spent === undefined ? words : `user.${spent} is 0`;
  }
  if (restrictedByAppArmor()) return `${appArmor} is 1`;
  if (sysctl("kernel/unprivileged_userns_clone") === "0") return "kernel.unprivileged_userns_clone is 0";
  return words;
}

function exhausted(): string | undefined {
  const kinds = ["user", "mnt", "pid", "net", "ipc", "uts", "cgroup"];
  return kinds.map((kind) => `max_${kind}_namespaces`).find((name) => sysctl(`user/${name}`) === "0");
}

function restrictedByAppArmor(): boolean {
  return sysctl(appArmor.replace(".", "/")) === "1";
}

/** The value of a setting under /proc/sys; undefined where the kernel does not have it. */
export function sysctl(path: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${path}`, "utf8").trim();
  } catch {
    return undefined;
  }
}
