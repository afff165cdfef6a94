import type { Network } from "../policy/sandbox-policy.ts";
import * as linux from "./linux-constants.ts";

/** A question about 32 bits of an argument. */
export interface ArgumentTest {
  /** 0 to 5. */
  readonly argument: number;
  /** The kernel takes `int` arguments, and clone's flags, from the low half alone; pointers need both. */
  readonly half: "low" | "high";
  readonly mask: number;
  readonly is: "oneOf" | "noneOf";
  readonly values: readonly number[];
}

/** What a filter does with a call that it does not simply let through. */
export type CallRule =
  | { readonly kind: "refuse"; readonly errno: number }
  /** Goes through when every test of one of the lists is true; EPERM otherwise. */
  | { readonly kind: "allowIf"; readonly alternatives: readonly (readonly ArgumentTest[])[] };

/**
 * What else holds the process: `namespaces` of its own, or `landlock` alone, where it sees the host's processes and
 * where nobody but the filter guards the metadata of files.
 */
export type Surroundings = "namespaces" | "landlock";

const refused: CallRule = { kind: "refuse", errno: linux.EPERM };

/** The way libraries ask whether a call is there at all: they fall back on ENOSYS only. */
const unknown: CallRule = { kind: "refuse", errno: linux.ENOSYS };

function int(argument: number, values: readonly number[], mask = 0xffff_ffff): ArgumentTest {
  return { argument, half: "low", mask, is: "oneOf", values };
}

function allowIf(...alternatives: readonly (readonly ArgumentTest[])[]): CallRule {
  return { kind: "allowIf", alternatives };
}

function all(rule: CallRule, names: string): [string, CallRule][] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, rule]);
}

function exceptCommands(values: readonly number[]): CallRule {
  return allowIf([{ argument: 1, half: "low", mask: 0xffff_ffff, is: "noneOf", values }]);
}

/** Flags of a file are set, and btrfs's subvolumes made, by whoever owns the place and can read it. */
const withoutFileCommands = allowIf(
  [
    {
      argument: 1,
      half: "low",
      mask: 0xffff_ffff,
      is: "noneOf",
      values: [
        ...[linux.TIOCSTI, linux.TIOCLINUX, linux.FS_IOC_SETFLAGS, linux.FS_IOC_FSSETXATTR],
        ...[linux.FS_IOC_SETVERSION, linux.EXT4_IOC_SETVERSION],
        ...[linux.FS_IOC_SET_ENCRYPTION_POLICY, linux.FS_IOC_ENABLE_VERITY],
      ],
    },
    { argument: 1, half: "low", mask: linux.IOCTL_TYPE_MASK, is: "noneOf", values: [linux.BTRFS_IOCTL_TYPE] },
  ],
  [int(1, [linux.FICLONE, linux.FICLONERANGE, linux.FIDEDUPERANGE])],
);

function isNull(argument: number): ArgumentTest[] {
  return [int(argument, [0]), { argument, half: "high", mask: 0xffff_ffff, is: "oneOf", values: [0] }];
}

/** A Unix datagram socket reaches any host socket by an address in sendmsg, which no filter can read. */
const connectedUnix = [
  int(0, [linux.AF_UNIX]),
  int(1, [linux.SOCK_STREAM, linux.SOCK_SEQPACKET], linux.SOCK_TYPE_MASK),
];

/** In force for every sandboxed process. */
const always: [string, CallRule][] = [
  // Its arguments lie in memory, where no filter reads them. Everybody falls back to clone.
  ["clone3", unknown],
  ["clone", allowIf([int(0, [0], linux.CLONE_NEW_ANY)])],
  ["unshare", allowIf([int(0, [0], linux.CLONE_NEW_ANY | linux.CLONE_NEWTIME)])],
  ["ioctl", exceptCommands([linux.TIOCSTI, linux.TIOCLINUX])],
  ["socketpair", allowIf(connectedUnix)],
  ...all(refused, "setns chroot pivot_root mount umount2 mount_setattr move_mount open_tree open_tree_attr"),
  ...all(refused, "fsopen fsconfig fsmount fspick open_by_handle_at quotactl quotactl_fd swapon swapoff"),
  ...all(refused, "bpf perf_event_open userfaultfd pidfd_getfd keyctl add_key request_key"),
  // Its operations are system calls that no filter sees.
  ...all(refused, "io_uring_setup io_uring_enter io_uring_register"),
  ...all(
    refused,
    "init_module finit_module delete_module kexec_load kexec_file_load reboot acct syslog iopl ioperm",
  ),
  ...all(refused, "settimeofday clock_settime sethostname setdomainname vhangup"),
];

const restricted: [string, CallRule][] = [
  ["socket", allowIf(connectedUnix)],
  // Without an address it is what send() makes of it: only to the peer that the socket has already.
  ["sendto", allowIf(isNull(4))],
  // Not shutdown, getsockname, getpeername and getsockopt, as the reference does: they reach nobody, and without them
  // Node loses the output of its children and takes a socket for no stream.
  ...all(refused, "connect accept accept4 bind listen sendmmsg recvmmsg setsockopt"),
  ...all(refused, "ptrace process_vm_readv process_vm_writev"),
];

/** A Unix socket of the host cannot be told from an own one, and the other families reach hypervisors and drivers. */
const enabled: [string, CallRule][] = [
  [
    "socket",
    allowIf(
      [int(0, [linux.AF_INET, linux.AF_INET6])],
      [int(0, [linux.AF_NETLINK]), int(2, [linux.NETLINK_ROUTE, linux.NETLINK_SOCK_DIAG])],
    ),
  ],
];

const ownProcess = allowIf([int(0, [0])]);

/** What Landlock knows nothing of: metadata of files, shared memory and queues, limits and priorities of others. */
const landlock: [string, CallRule][] = [
  ...all(
    refused,
    "chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat",
  ),
  ...all(
    refused,
    "setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat",
  ),
  ...all(
    refused,
    "file_setattr shmget shmat shmctl semget semop semtimedop semctl msgget msgsnd msgrcv msgctl",
  ),
  ...all(
    refused,
    "mq_open mq_unlink ptrace process_vm_readv process_vm_writev process_madvise process_mrelease",
  ),
  ["ioctl", withoutFileCommands],
  ["prlimit64", allowIf([int(0, [0])], isNull(2))],
  ["setpriority", allowIf([int(0, [linux.PRIO_PROCESS]), int(1, [0])])],
  ["ioprio_set", allowIf([int(0, [linux.IOPRIO_WHO_PROCESS]), int(1, [0])])],
  ["sched_setaffinity", ownProcess],
  ["sched_setscheduler", ownProcess],
  ["sched_setparam", ownProcess],
  ["sched_setattr", ownProcess],
];

/** The calls that do not simply go through, by name. */
export function callRules(network: Network, surroundings: Surroundings): ReadonlyMap<string, CallRule> {
  return new Map([
    ...always,
    ...(network === "restricted" ? restricted : enabled),
    ...(surroundings === "landlock" ? landlock : []),
  ]);
}
