#define _GNU_SOURCE
#include "kernel-mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { NR_OPEN_TREE = 428, NR_MOVE_MOUNT = 429, NR_FSOPEN = 430, NR_FSCONFIG = 431, NR_FSMOUNT = 432, NR_MOUNT_SETATTR = 442 };
enum { TREE_CLONE = 1, TREE_CLOEXEC = O_CLOEXEC, RECURSIVE = 0x8000, FROM_EMPTY = 0x04, TO_EMPTY = 0x40 };
enum { CLOSE_ON_EXEC = 1, SET_STRING = 1, CREATE = 6 };
enum { ATTR_RDONLY = 1, ATTR_NOSUID = 2, ATTR_NODEV = 4 };

struct attributes {
	uint64_t set;
	uint64_t clear;
	uint64_t propagation;
	uint64_t userns;
};

int copy_tree(int at)
{
	return (int)syscall(NR_OPEN_TREE, at, "", TREE_CLONE | TREE_CLOEXEC | AT_EMPTY_PATH | RECURSIVE);
}

int new_file_system(mode_t mode)
{
	char digits[8];
	snprintf(digits, sizeof digits, "%o", (unsigned)mode);
	int context = (int)syscall(NR_FSOPEN, "tmpfs", CLOSE_ON_EXEC), mount = -1;
	if (context < 0) return -1;
	if (syscall(NR_FSCONFIG, context, SET_STRING, "mode", digits, 0) == 0 && syscall(NR_FSCONFIG, context, CREATE, NULL, NULL, 0) == 0)
		mount = (int)syscall(NR_FSMOUNT, context, CLOSE_ON_EXEC, ATTR_NOSUID | ATTR_NODEV);
	int error = errno;
	close(context);
	errno = error;
	return mount;
}

int hang(int mount, int at)
{
	return (int)syscall(NR_MOVE_MOUNT, mount, "", at, "", FROM_EMPTY | TO_EMPTY);
}

/* Before Linux 5.12: by way of /proc/self/fd, which means the mount itself. */
static int remount(int mounted, int proc, int read_only)
{
	static const struct { unsigned long stat, flag; } kept[] = {
		{ST_NOSUID, MS_NOSUID}, {ST_NODEV, MS_NODEV}, {ST_NOEXEC, MS_NOEXEC}, {ST_NOATIME, MS_NOATIME},
		{ST_NODIRATIME, MS_NODIRATIME}, {ST_RELATIME, MS_RELATIME},
	};
	struct statvfs state;
	char name[16];
	if (fstatvfs(mounted, &state) < 0 || fchdir(proc) < 0) return -1;
	unsigned long flags = MS_REMOUNT | MS_BIND | (read_only ? MS_RDONLY : 0);
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (state.f_flag & kept[i].stat) flags |= kept[i].flag;
	snprintf(name, sizeof name, "%d", mounted);
	return mount("none", name, NULL, flags, NULL);
}

int close_mount(int mount, enum depth depth, int proc)
{
	struct attributes closed = {.set = ATTR_RDONLY};
	int flags = AT_EMPTY_PATH | (depth == WITH_MOUNTS_BELOW ? RECURSIVE : 0);
	if (syscall(NR_MOUNT_SETATTR, mount, "", flags, &closed, sizeof closed) == 0) return 0;
	return errno == ENOSYS ? remount(mount, proc, 1) : -1;
}

int reopen_mount(int mount, int proc)
{
	struct attributes open = {.clear = ATTR_RDONLY};
	if (syscall(NR_MOUNT_SETATTR, mount, "", AT_EMPTY_PATH, &open, sizeof open) == 0) return 0;
	return errno == ENOSYS ? remount(mount, proc, 0) : -1;
}
