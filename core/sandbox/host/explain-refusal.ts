import { appArmorSetting, forbiddenNamespaces, kernelSetting } from "./kernel-settings.ts";

/**
 * Says in a sentence why bubblewrap could not make a sandbox, by its own words and what this system is set to. Words
 * that are not known are handed on.
 */
export function explainRefusal(words: string): string {
  if (isProcRefusal(words)) {
    return `this system refuses to mount /proc in a new pid namespace, as a container with a masked /proc does (${words})`;
  }
  if (/loopback|RTM_NEW/.test(words)) {
    const why = kernelSetting(appArmorSetting) === "1" ? `, as ${appArmorSetting} is 1` : "";
    return `a new network namespace cannot be set up${why} (${words})`;
  }
  if (/uid map|gid map|namespace/i.test(words)) {
    return `this system refuses new namespaces: ${namespaceCause(words)}`;
  }
  if (/mounts cannot be entered/.test(words)) {
    return `what it mounts is not this account's, as with a bubblewrap that is setuid (${words})`;
  }
  if (/cannot be mounted: .*Function not implemented/.test(words)) {
    return `this system does not mount by descriptor, which Linux can from 5.2 on (${words})`;
  }
  if (/seccomp/i.test(words)) return `the kernel takes no seccomp filter (${words})`;
  return words;
}

/** Whether bubblewrap got as far as mounting /proc and was refused that. */
export function isProcRefusal(words: string): boolean {
  return /mount proc on/.test(words);
}

function namespaceCause(words: string): string {
  const forbidden = forbiddenNamespaces()[0];
  if (forbidden !== undefined) return `${forbidden} is 0`;
  if (kernelSetting(appArmorSetting) === "1") return `${appArmorSetting} is 1`;
  if (kernelSetting("kernel.unprivileged_userns_clone") === "0") {
    return "kernel.unprivileged_userns_clone is 0";
  }
  return words;
}
