/** Numbers of Linux that a filter compares with; the same on x86-64 and arm64. */

/** asm-generic/errno-base.h and errno.h. */
export const EPERM = 1;
export const ENOSYS = 38;

/** linux/socket.h; the type's other bits are SOCK_CLOEXEC and SOCK_NONBLOCK. */
export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;
export const SOCK_STREAM = 1;
export const SOCK_SEQPACKET = 5;
export const SOCK_TYPE_MASK = 0xf;

/** linux/netlink.h: addresses and routes (getifaddrs), and lists of sockets (ss). */
export const NETLINK_ROUTE = 0;
export const NETLINK_SOCK_DIAG = 4;

/** linux/sched.h: NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
export const CLONE_NEW_ANY = 0x7e02_0000;
/** For unshare only: in clone's flags the bit belongs to the signal. */
export const CLONE_NEWTIME = 0x80;

/** asm-generic/ioctls.h: TIOCSTI types into a terminal; TIOCLINUX pastes on a console. */
export const TIOCSTI = 0x5412;
export const TIOCLINUX = 0x541c;

/** linux/fs.h: the attributes of chattr, with `long` in the size although an int is read. */
export const FS_IOC_SETFLAGS = 0x4008_6602;
export const FS_IOC_FSSETXATTR = 0x401c_5820;
/** linux/fs.h, linux/fscrypt.h, linux/fsverity.h and ext4's own name: further state of a file that is only read. */
export const FS_IOC_SETVERSION = 0x4008_7602;
export const EXT4_IOC_SETVERSION = 0x4008_6604;
export const FS_IOC_SET_ENCRYPTION_POLICY = 0x800c_6613;
export const FS_IOC_ENABLE_VERITY = 0x4080_6685;

/** linux/btrfs.h: every command of this type, and those of linux/fs.h that only write to files open for writing. */
export const IOCTL_TYPE_MASK = 0xff00;
export const BTRFS_IOCTL_TYPE = 0x9400;
export const FICLONE = 0x4004_9409;
export const FICLONERANGE = 0x4020_940d;
export const FIDEDUPERANGE = 0xc018_9436;

/** linux/resource.h and linux/ioprio.h. */
export const PRIO_PROCESS = 0;
export const IOPRIO_WHO_PROCESS = 1;

/** linux/seccomp.h. The low 16 bits of RET_ERRNO are the error. */
export const SECCOMP_RET_KILL_PROCESS = 0x8000_0000;
export const SECCOMP_RET_ERRNO = 0x0005_0000;
export const SECCOMP_RET_ALLOW = 0x7fff_0000;

/** linux/audit.h. */
export const AUDIT_ARCH = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;
/** asm/unistd.h of x86: numbers of the x32 interface have this bit. */
export const X32_SYSCALL_BIT = 0x4000_0000;
