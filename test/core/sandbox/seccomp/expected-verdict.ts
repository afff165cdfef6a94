import type { Surroundings } from "../../../../core/sandbox/seccomp/call-rules.ts";
import { type Machine, syscallNumbers } from "../../../../core/sandbox/seccomp/syscall-numbers.ts";
import type { SeccompCall } from "./run-bpf.ts";

export const ALLOW = 0x7fff0000;
export const KILL = 0x80000000;
export const EPERM = 0x50001;
export const ENOSYS = 0x50026;

export interface Filter {
  readonly network: "restricted" | "enabled";
  readonly machine: Machine;
  readonly surroundings: Surroundings;
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const never = words(`
  mount umount2 pivot_root open_tree open_tree_attr move_mount fsopen fsconfig fsmount fspick mount_setattr chroot setns
  bpf perf_event_open userfaultfd keyctl add_key request_key pidfd_getfd io_uring_setup io_uring_enter
  io_uring_register init_module finit_module delete_module kexec_load kexec_file_load swapon swapoff reboot quotactl
  quotactl_fd open_by_handle_at acct syslog iopl ioperm settimeofday clock_settime sethostname setdomainname vhangup`);

const neverOffline = words(
  "connect accept accept4 bind listen sendmmsg recvmmsg setsockopt ptrace process_vm_readv process_vm_writev",
);

const neverAmongHostProcesses = words(`
  chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat setxattr lsetxattr
  fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat file_setattr shmget shmat shmctl semget semop
  semtimedop semctl msgget msgsnd msgrcv msgctl mq_open mq_unlink ptrace process_vm_readv process_vm_writev
  process_madvise process_mrelease`);

/** What a filter is to say of a call, in plain words: the other side of the property test. */
export function expectedVerdict(filter: Filter, call: SeccompCall): number {
  const { network, machine, surroundings } = filter;
  if (call.arch !== (machine === "x64" ? 0xc000003e : 0xc00000b7)) return KILL;
  if (machine === "x64" && call.number >= 0x40000000 && call.number !== 0xffffffff) return KILL;
  if (call.number > 469) return ENOSYS;
  const name = nameOf(machine, call.number);
  if (name === undefined) return ALLOW;
  if (name === "clone3") return ENOSYS;
  if (never.includes(name)) return EPERM;
  if (network === "restricted" && neverOffline.includes(name)) return EPERM;
  if (surroundings === "landlock") {
    if (neverAmongHostProcesses.includes(name)) return EPERM;
    if (!leavesOthersAlone(name, call.args)) return EPERM;
  }
  return staysInside(name, call.args, network) ? ALLOW : EPERM;
}

function nameOf(machine: Machine, number: number): string | undefined {
  return Object.entries(syscallNumbers[machine]).find(([, value]) => value === number)?.[0];
}

function staysInside(name: string, args: readonly bigint[], network: Filter["network"]): boolean {
  const [first = 0n, second = 0n, third = 0n] = args;
  const namespaces =
    0x20000n | 0x2000000n | 0x4000000n | 0x8000000n | 0x10000000n | 0x20000000n | 0x40000000n;
  const streamOnUnix = int(first) === 1 && [1, 5].includes(int(second) & 15);
  switch (name) {
    case "clone":
      return (first & namespaces) === 0n;
    case "unshare":
      return (first & (namespaces | 0x80n)) === 0n;
    case "ioctl":
      return ![0x5412, 0x541c].includes(int(second));
    case "socketpair":
      return streamOnUnix;
    case "socket":
      if (network === "restricted") return streamOnUnix;
      return [2, 10].includes(int(first)) || (int(first) === 16 && [0, 4].includes(int(third)));
    case "sendto":
      return network === "enabled" || args[4] === 0n;
    default:
      return true;
  }
}

function leavesOthersAlone(name: string, args: readonly bigint[]): boolean {
  const [first = 0n, second = 0n, third = 0n] = args;
  switch (name) {
    case "ioctl":
      if ([0x40049409, 0x4020940d, 0xc0189436].includes(int(second))) return true;
      if ((int(second) & 0xff00) === 0x9400) return false;
      return ![0x40086602, 0x401c5820, 0x40087602, 0x40086604, 0x800c6613, 0x40806685].includes(int(second));
    case "prlimit64":
      return int(first) === 0 || third === 0n;
    case "setpriority":
      return int(first) === 0 && int(second) === 0;
    case "ioprio_set":
      return int(first) === 1 && int(second) === 0;
    case "sched_setaffinity":
    case "sched_setscheduler":
    case "sched_setparam":
    case "sched_setattr":
      return int(first) === 0;
    default:
      return true;
  }
}

/** As the kernel reads an `int` argument. */
function int(argument: bigint): number {
  return Number(BigInt.asUintN(32, argument));
}
