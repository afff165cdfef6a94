import { closeSync } from "node:fs";
import { Errno } from "../../host/errno.ts";
import { libc } from "../../host/libc.ts";
import { lastOsError } from "../../host/os-error.ts";

/** The same number on x86-64 and arm64. */
const SYS_landlock_create_ruleset = 444;
const LANDLOCK_CREATE_RULESET_VERSION = 1;

/** These too. */
const SYS_pidfd_send_signal = 424;
const SYS_pidfd_open = 434;
const PIDFD_SIGNAL_PROCESS_GROUP = 4;

const PR_SET_SECCOMP = 22;
const SECCOMP_MODE_FILTER = 2;
const PR_GET_NO_NEW_PRIVS = 39;

/** Landlock's version on this kernel; 0 where there is none, or where it is switched off. */
export function landlockAbi(): number {
  if (process.platform !== "linux") return 0;
  const query = [0, 0, LANDLOCK_CREATE_RULESET_VERSION, 0, 0, 0] as const;
  return Math.max(0, Number(libc().syscall(SYS_landlock_create_ruleset, ...query)));
}

/** Whether this kernel takes seccomp filters. Asked with a filter that is nowhere: nothing is installed. */
export function takesSeccompFilters(): boolean {
  if (process.platform !== "linux") return false;
  return (
    libc().prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, 0, 0, 0) !== 0 && lastOsError().errno === Errno.EFAULT
  );
}

/** Whether a process here can give up for good what executing a program would let it gain. */
export function takesNoNewPrivileges(): boolean {
  return process.platform === "linux" && libc().prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) >= 0;
}

/** Whether a process group is signalled by a descriptor here (Linux 6.9), which no other group can ever get. Asked with signal 0. */
export function signalsGroupsByDescriptor(): boolean {
  if (process.platform !== "linux") return false;
  const descriptor = Number(libc().syscall(SYS_pidfd_open, process.pid, 0, 0, 0, 0, 0));
  if (descriptor < 0) return false;
  try {
    const sent = libc().syscall(SYS_pidfd_send_signal, descriptor, 0, 0, PIDFD_SIGNAL_PROCESS_GROUP, 0, 0);
    // We need not lead a group ourselves.
    return Number(sent) === 0 || lastOsError().errno === Errno.ESRCH;
  } finally {
    closeSync(descriptor);
  }
}
