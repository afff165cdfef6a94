import { readFileSync } from "node:fs";

/**
 * Whether later mounts of the host would show up in a sandbox, writable even where the profile is read-only: bubblewrap
 * leaves it a slave of the host's shared mounts, as systemd makes them. Root alone can keep out of that beforehand;
 * for others what they may mount by themselves (FUSE, a stick) stays visible.
 */
export function needsDetaching(): boolean {
  if (process.geteuid?.() !== 0) return false;
  // "36 35 98:0 / /mnt rw,noatime shared:1 - ext3 /dev/root rw": optional fields stand before the dash.
  return /^(?:\S+ ){6}(?:\S+ )*?shared:\d+ /m.test(readFileSync("/proc/self/mountinfo", "utf8"));
}
