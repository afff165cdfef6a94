/* Capabilities, no_new_privs, Landlock and seccomp. */
#define _GNU_SOURCE
#include "confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Zig's headers are older than these; the numbers are the same on x86-64 and arm64. */
enum { NR_LANDLOCK_CREATE_RULESET = 444, NR_LANDLOCK_ADD_RULE = 445, NR_LANDLOCK_RESTRICT_SELF = 446, NR_OPENAT2 = 437 };
/* Before version 2 a domain keeps every file from being moved to another directory. */
enum { RULE_PATH_BENEATH = 1, RULESET_VERSION = 1, LEAST_VERSION = 2 };
enum { ACCESS_EXECUTE = 1 << 0, ACCESS_WRITE_FILE = 1 << 1, ACCESS_READ_FILE = 1 << 2, ACCESS_TRUNCATE = 1 << 14, ACCESS_IOCTL_DEV = 1 << 15 };
enum { FILE_ACCESS = ACCESS_EXECUTE | ACCESS_WRITE_FILE | ACCESS_READ_FILE | ACCESS_TRUNCATE | ACCESS_IOCTL_DEV };
enum { NO_MAGIC_LINKS = 0x02, NO_SYMLINKS = 0x04 };

struct ruleset {
	uint64_t handled_fs;
	uint64_t handled_net;
	uint64_t scoped;
};

struct path_rule {
	uint64_t access;
	int32_t parent;
} __attribute__((packed));

struct how {
	uint64_t flags;
	uint64_t mode;
	uint64_t resolve;
};

static struct __user_cap_header_struct capability_header(void)
{
	return (struct __user_cap_header_struct){.version = _LINUX_CAPABILITY_VERSION_3};
}

void check_confinement(void)
{
	struct __user_cap_header_struct header = capability_header();
	struct __user_cap_data_struct has[2];
	memset(has, 0xff, sizeof has);
	if (syscall(SYS_capget, &header, has) < 0) give_up(STAGE_CAPABILITIES, errno);
	for (int i = 0; i < 2; i++)
		if (has[i].effective || has[i].permitted || has[i].inheritable) give_up(STAGE_CAPABILITIES, EPERM);
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) give_up(STAGE_PRIVILEGES, EPERM);
	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != SECCOMP_MODE_FILTER) give_up(STAGE_FILTER, EPERM);
}

static void drop_capabilities(void)
{
	struct __user_cap_header_struct header = capability_header();
	struct __user_cap_data_struct none[2] = {0};
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	/* With no_new_privs no exec gives any back, to root neither. */
	if (syscall(SYS_capset, &header, none) < 0) give_up(STAGE_CAPABILITIES, errno);
}

static int allow(int ruleset, int object, uint64_t access)
{
	struct stat file;
	if (fstat(object, &file) < 0) return -1;
	struct path_rule rule = {.access = S_ISDIR(file.st_mode) ? access : access & FILE_ACCESS, .parent = object};
	if (!rule.access) return 0;
	return (int)syscall(NR_LANDLOCK_ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0);
}

/* The plan names real paths. One that has got a link in it since does not get its access; one that has gone needs none. */
static int allow_path(int ruleset, const char *path, uint64_t access)
{
	struct how how = {.flags = O_PATH | O_CLOEXEC, .resolve = NO_SYMLINKS | NO_MAGIC_LINKS};
	int object = (int)syscall(NR_OPENAT2, AT_FDCWD, path, &how, sizeof how);
	if (object < 0) return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	int result = allow(ruleset, object, access);
	int error = errno;
	close(object);
	errno = error;
	return result;
}

/* With the blob's rules. */
static int make_ruleset(const struct command *c)
{
	const struct blob_head *head = c->head;
	struct ruleset rights = {head->handled_fs, head->handled_net, head->scoped};
	/* A kernel that knows fewer members refuses a longer structure only if they are not zero. */
	int ruleset = (int)syscall(NR_LANDLOCK_CREATE_RULESET, &rights, sizeof rights, 0);
	if (ruleset < 0) give_up(STAGE_LANDLOCK, errno);
	const char *path = c->rule_paths;
	for (uint32_t i = 0; i < head->rules; i++, path += strlen(path) + 1)
		if (allow_path(ruleset, path, c->access[i]) < 0) give_up(STAGE_LANDLOCK, errno);
	return ruleset;
}

static void put_in_force(int ruleset)
{
	if (syscall(NR_LANDLOCK_RESTRICT_SELF, ruleset, 0) < 0) give_up(STAGE_LANDLOCK, errno);
	close(ruleset);
}

void restrict_writing(const struct command *c, int last)
{
	if (!(c->head->flags & BLOB_LANDLOCK)) return;
	if (syscall(NR_LANDLOCK_CREATE_RULESET, NULL, 0, RULESET_VERSION) < LEAST_VERSION) return;
	int ruleset = make_ruleset(c);
	/* What it has open it may open again by way of /proc: its terminal, for one. Pipes take no rule and need none. */
	for (int fd = FD_STDIO; fd <= last; fd++)
		if (allow(ruleset, fd, ACCESS_WRITE_FILE) < 0 && errno != EBADFD) give_up(STAGE_LANDLOCK, errno);
	put_in_force(ruleset);
}

static void restrict_paths(const struct command *c, int executable)
{
	const struct blob_head *head = c->head;
	int ruleset = make_ruleset(c);
	/* A program in memory needs no rule and can have none (EBADFD). */
	uint64_t run = (ACCESS_EXECUTE | ACCESS_READ_FILE) & head->handled_fs;
	if (executable >= 0 && run && allow(ruleset, executable, run) < 0 && errno != EBADFD) give_up(STAGE_LANDLOCK, errno);
	put_in_force(ruleset);
}

void confine(const struct command *c, int executable)
{
	const struct blob_head *head = c->head;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) give_up(STAGE_PRIVILEGES, errno);
	if (head->flags & BLOB_LANDLOCK) restrict_paths(c, executable);
	if (head->flags & BLOB_DROP_CAPABILITIES) drop_capabilities();
	if (!head->filter_bytes) return;
	struct sock_fprog program = {
		.len = (unsigned short)(head->filter_bytes / sizeof(struct sock_filter)),
		/* The kernel reads it only. */
		.filter = (struct sock_filter *)(uintptr_t)c->filter,
	};
	if (program.len != head->filter_bytes / sizeof(struct sock_filter)) give_up(STAGE_FILTER, E2BIG);
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0) give_up(STAGE_FILTER, errno);
}
