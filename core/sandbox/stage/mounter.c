#define _GNU_SOURCE
#include "mounter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel-mounts.h"
#include "walk.h"

struct step {
	char kind;
	mode_t mode;
	const char *path;
	/* Of `r` and `w`: what will be mounted. */
	int tree;
};

struct mounter {
	int root;
	int proc;
	struct step *steps;
	size_t count;
	/* The file that masks others, and the mount that it lies in; -1: none is wanted. */
	int mask;
	int masks;
};

/* Returns where the host's tree is shown, or NULL when this is no plan. */
static const char *read_plan(int plan, struct mounter *m)
{
	struct stat file;
	if (fstat(plan, &file) < 0 || file.st_size <= 0) return NULL;
	size_t bytes = (size_t)file.st_size, strings = 0;
	const char *text = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, plan, 0);
	if (text == MAP_FAILED || text[bytes - 1]) return NULL;
	for (size_t i = 0; i < bytes; i++) strings += !text[i];
	m->steps = calloc(strings, sizeof *m->steps);
	if (!m->steps) return NULL;
	for (const char *at = text + strlen(text) + 1; at < text + bytes; at += strlen(at) + 1) {
		struct step *step = &m->steps[m->count++];
		char *end;
		*step = (struct step){.kind = *at, .tree = -1};
		if (!*at) return NULL;
		step->mode = (mode_t)strtoul(at + 1, &end, 8);
		if (*end != ' ') return NULL;
		step->path = end + 1;
	}
	return text;
}

/* All of it before anything is mounted that would hide some. */
static const char *copy_sources(struct mounter *m, int host)
{
	for (size_t i = 0; i < m->count; i++) {
		struct step *step = &m->steps[i];
		if (step->kind != 'r' && step->kind != 'w') continue;
		int source = walk(host, step->path, 0);
		step->tree = source < 0 ? -1 : copy_tree(source);
		if (step->tree < 0) return step->path;
		close(source);
	}
	return NULL;
}

/* Nothing is copied that hangs nowhere: the file system of the mask stands over /proc until we are done. */
static int make_mask(struct mounter *m)
{
	int wanted = 0, proc = walk(m->root, "/proc", 0);
	for (size_t i = 0; i < m->count; i++) wanted |= m->steps[i].kind == 'm';
	m->mask = m->masks = -1;
	if (!wanted) return 0;
	m->masks = new_file_system(0700);
	if (m->masks < 0 || proc < 0 || mknodat(m->masks, "mask", S_IFREG, 0) < 0 || hang(m->masks, proc) < 0) return -1;
	close(proc);
	m->mask = openat(m->masks, "mask", O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return m->mask;
}

static int take_down(int mounted)
{
	return fchdir(mounted) < 0 || umount2(".", MNT_DETACH) < 0 ? -1 : 0;
}

/* What was copied is mounted on itself: another thing of the host's that has its name by now is not what was meant. */
static int is_meant(const struct step *step, const struct stat *top, int at)
{
	struct stat there;
	if (step->tree < 0 || is_own(at)) return 1;
	if (fstat(at, &there) == 0 && there.st_dev == top->st_dev && there.st_ino == top->st_ino) return 1;
	errno = ESTALE;
	return 0;
}

/* Over what is at the step's path; where that is ours to make and missing, something of the same kind is made. */
static int mount_at(const struct mounter *m, const struct step *step, int mount)
{
	struct stat top;
	if (mount < 0 || fstat(mount, &top) < 0) return -1;
	int at = walk(m->root, step->path, S_ISDIR(top.st_mode) ? S_IFDIR | 0755 : S_IFREG | 0444);
	if (at < 0) return -1;
	int result = is_meant(step, &top, at) ? hang(mount, at) : -1, error = errno;
	close(at);
	errno = error;
	return result;
}

static int expect_own(int at)
{
	if (is_own(at)) return 1;
	errno = ESTALE;
	return 0;
}

static int put_mask(const struct mounter *m, const struct step *step)
{
	int mask = copy_tree(m->mask);
	if (mount_at(m, step, mask) < 0 || close_mount(mask, THIS_MOUNT, m->proc) < 0) return -1;
	return close(mask);
}

static int put_own(const struct mounter *m, const struct step *step)
{
	int own = new_file_system(step->mode);
	if (own < 0 || own_file_system(own) < 0 || mount_at(m, step, own) < 0) return -1;
	return close(own);
}

static int take(const struct mounter *m, const struct step *step)
{
	int at = -1;
	switch (step->kind) {
	case 'r':
		if (mount_at(m, step, step->tree) < 0 || close_mount(step->tree, WITH_MOUNTS_BELOW, m->proc) < 0) return -1;
		return close(step->tree);
	case 'w':
		if (mount_at(m, step, step->tree) < 0) return -1;
		/* What the host does not write to stays so. */
		reopen_mount(step->tree, m->proc);
		return close(step->tree);
	case 't':
		if ((at = walk(m->root, step->path, 0)) < 0) return 0;
		reopen_mount(at, m->proc);
		return close(at);
	case 'm': return put_mask(m, step);
	case 'd': return put_own(m, step);
	case 'o': return (at = walk(m->root, step->path, 0)) < 0 || own_file_system(at) < 0 ? -1 : close(at);
	case 'p': return (at = walk(m->root, step->path, S_IFDIR | step->mode)) < 0 ? -1 : close(at);
	case 'c':
		/* A file system of the host's that has the name by now is not what was meant. */
		if ((at = walk(m->root, step->path, 0)) < 0 || !expect_own(at)) return -1;
		return close_mount(at, THIS_MOUNT, m->proc) < 0 ? -1 : close(at);
	default: errno = EINVAL; return -1;
	}
}

static void open_many_files(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Returns what could not be mounted, errno saying why; or NULL. */
static const char *mount_all(struct mounter *m, const char *shown)
{
	/* What the host mounts later shall not show up inside, writable whatever the profile says. */
	if (m->root < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) return "/";
	int host = *shown ? walk(m->root, shown, 0) : m->root;
	/* A name in `/` was made for it, in a root of the sandbox's own. Another is that of a directory, and stays. */
	int made = *shown && !strchr(shown, '/');
	if (host < 0 || (made && own_file_system(m->root) < 0)) return shown;
	const char *failed = copy_sources(m, host);
	if (failed) return failed;
	if (*shown && take_down(host) < 0) return shown;
	if (made && unlinkat(m->root, shown, AT_REMOVEDIR) < 0) return shown;
	if (make_mask(m) < 0) return "/proc";
	for (size_t i = 0; i < m->count; i++)
		if (take(m, &m->steps[i]) < 0) return m->steps[i].path;
	return m->mask >= 0 && take_down(m->masks) < 0 ? "/proc" : NULL;
}

void mount_planned(int plan, int proc, char *answer, size_t room)
{
	struct mounter m = {.root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), .proc = proc};
	const char *shown = read_plan(plan, &m);
	open_many_files();
	umask(0);
	errno = 0;
	const char *failed = shown ? mount_all(&m, shown) : "its plan";
	if (failed) snprintf(answer, room, "%s: %s", failed, strerror(errno));
}
