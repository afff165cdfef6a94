/** The machines that a filter can be made for, in Node's words. */
export type Machine = "x64" | "arm64";

/**
 * Numbers of the calls that a filter speaks of: arch/x86/entry/syscalls/syscall_64.tbl and
 * include/uapi/asm-generic/unistd.h of Linux 6.18. A name that a machine does not have is missing.
 */
export const syscallNumbers: Readonly<Record<Machine, Readonly<Partial<Record<string, number>>>>> = {
  // biome-ignore format: a table of numbers
  x64: {
    ioctl: 16, shmget: 29, shmat: 30, shmctl: 31, socket: 41, connect: 42, accept: 43, sendto: 44, shutdown: 48,
    bind: 49, listen: 50, getsockname: 51, getpeername: 52, socketpair: 53, setsockopt: 54, getsockopt: 55,
    clone: 56, semget: 64, semop: 65, semctl: 66, msgget: 68, msgsnd: 69, msgrcv: 70, msgctl: 71, chmod: 90,
    fchmod: 91, chown: 92, fchown: 93, lchown: 94, ptrace: 101, syslog: 103, utime: 132, setpriority: 141,
    sched_setparam: 142, sched_setscheduler: 144, vhangup: 153, pivot_root: 155, chroot: 161, acct: 163,
    settimeofday: 164, mount: 165, umount2: 166, swapon: 167, swapoff: 168, reboot: 169, sethostname: 170,
    setdomainname: 171, iopl: 172, ioperm: 173, init_module: 175, delete_module: 176, quotactl: 179, setxattr: 188,
    lsetxattr: 189, fsetxattr: 190, removexattr: 197, lremovexattr: 198, fremovexattr: 199, sched_setaffinity: 203,
    semtimedop: 220, clock_settime: 227, utimes: 235, mq_open: 240, mq_unlink: 241, kexec_load: 246, add_key: 248,
    request_key: 249, keyctl: 250, ioprio_set: 251, fchownat: 260, futimesat: 261, fchmodat: 268, unshare: 272,
    utimensat: 280, accept4: 288, perf_event_open: 298, recvmmsg: 299, prlimit64: 302, open_by_handle_at: 304,
    sendmmsg: 307, setns: 308, process_vm_readv: 310, process_vm_writev: 311, finit_module: 313, sched_setattr: 314,
    kexec_file_load: 320, bpf: 321, userfaultfd: 323, io_uring_setup: 425, io_uring_enter: 426,
    io_uring_register: 427, open_tree: 428, move_mount: 429, fsopen: 430, fsconfig: 431, fsmount: 432, fspick: 433,
    clone3: 435, pidfd_getfd: 438, process_madvise: 440, mount_setattr: 442, quotactl_fd: 443, process_mrelease: 448,
    fchmodat2: 452, setxattrat: 463, removexattrat: 466, open_tree_attr: 467, file_setattr: 469,
  },
  // biome-ignore format: a table of numbers
  arm64: {
    setxattr: 5, lsetxattr: 6, fsetxattr: 7, removexattr: 14, lremovexattr: 15, fremovexattr: 16, ioctl: 29,
    ioprio_set: 30, umount2: 39, mount: 40, pivot_root: 41, chroot: 51, fchmod: 52, fchmodat: 53, fchownat: 54,
    fchown: 55, vhangup: 58, quotactl: 60, utimensat: 88, acct: 89, unshare: 97, kexec_load: 104, init_module: 105,
    delete_module: 106, clock_settime: 112, syslog: 116, ptrace: 117, sched_setparam: 118, sched_setscheduler: 119,
    sched_setaffinity: 122, setpriority: 140, reboot: 142, sethostname: 161, setdomainname: 162, settimeofday: 170,
    mq_open: 180, mq_unlink: 181, msgget: 186, msgctl: 187, msgrcv: 188, msgsnd: 189, semget: 190, semctl: 191,
    semtimedop: 192, semop: 193, shmget: 194, shmctl: 195, shmat: 196, socket: 198, socketpair: 199, bind: 200,
    listen: 201, accept: 202, connect: 203, getsockname: 204, getpeername: 205, sendto: 206, setsockopt: 208,
    getsockopt: 209, shutdown: 210, add_key: 217, request_key: 218, keyctl: 219, clone: 220, swapon: 224,
    swapoff: 225, perf_event_open: 241, accept4: 242, recvmmsg: 243, prlimit64: 261, open_by_handle_at: 265,
    setns: 268, sendmmsg: 269, process_vm_readv: 270, process_vm_writev: 271, finit_module: 273, sched_setattr: 274,
    bpf: 280, userfaultfd: 282, kexec_file_load: 294, io_uring_setup: 425, io_uring_enter: 426,
    io_uring_register: 427, open_tree: 428, move_mount: 429, fsopen: 430, fsconfig: 431, fsmount: 432, fspick: 433,
    clone3: 435, pidfd_getfd: 438, process_madvise: 440, mount_setattr: 442, quotactl_fd: 443, process_mrelease: 448,
    fchmodat2: 452, setxattrat: 463, removexattrat: 466, open_tree_attr: 467, file_setattr: 469,
  },
};

/** The last call of Linux 6.18 (file_setattr). What comes later has not been judged, and does not exist inside. */
export const lastJudgedSyscall = 469;
