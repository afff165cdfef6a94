/*
 * bwrap mounts by name, and another sandbox may exchange names while it does. What has come of it is in mountinfo, and
 * nobody changes that any more: each visible mount has to be one that was planned, and each planned one has to be visible.
 */
#define _GNU_SOURCE
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { FIRST_READ = 64 * 1024, MOST_BYTES = 64 * 1024 * 1024, PROC_MAGIC = 0x9fa0 };

/* A line of mountinfo. Its paths are as the kernel writes them: blanks and backslashes as octal numbers. */
struct mount {
	int id;
	int parent;
	int read_only;
	char *device;
	char *root;
	char *point;
	char *type;
};

static _Noreturn void refuse(const char *what, const char *why)
{
	dprintf(2, "what the sandbox is made of has changed at its start: %s %s\n", what, why);
	_exit(127);
}

static char *read_all(int fd)
{
	size_t room = FIRST_READ, got = 0;
	char *text = malloc(room);
	while (text && room <= MOST_BYTES) {
		ssize_t count = read(fd, text + got, room - got - 1);
		if (count < 0) return NULL;
		got += (size_t)count;
		text[got] = 0;
		if (count == 0) return text;
		if (got + 1 < room) continue;
		room *= 2;
		text = realloc(text, room);
	}
	return NULL;
}

static char *read_mountinfo(void)
{
	struct statfs system;
	int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fstatfs(fd, &system) < 0 || system.f_type != PROC_MAGIC) refuse("/proc", "is not the kernel's");
	char *text = read_all(fd);
	if (!text) refuse("/proc/self/mountinfo", "cannot be read");
	close(fd);
	return text;
}

/* "36 35 98:0 /root /point rw,noatime [optional ...] - type source options" */
static int parse_line(char *line, struct mount *m)
{
	char *rest = line;
	char *id = strsep(&rest, " "), *parent = strsep(&rest, " ");
	m->device = strsep(&rest, " ");
	m->root = strsep(&rest, " ");
	m->point = strsep(&rest, " ");
	char *options = strsep(&rest, " ");
	if (!options || !rest) return -1;
	char *type = strncmp(rest, "- ", 2) ? strstr(rest, " - ") : rest - 1;
	if (!type) return -1;
	rest = type + 3;
	m->type = strsep(&rest, " ");
	m->id = atoi(id);
	m->parent = atoi(parent);
	m->read_only = !strncmp(options, "ro", 2) && (options[2] == ',' || !options[2]);
	return 0;
}

static struct mount *parse_all(char *text, size_t *count)
{
	size_t lines = 0;
	for (char *at = text; (at = strchr(at, '\n')); at++) lines++;
	struct mount *mounts = calloc(lines + 1, sizeof *mounts);
	if (!mounts) refuse("/proc/self/mountinfo", "cannot be kept");
	for (*count = 0; *count < lines; ++*count)
		if (parse_line(strsep(&text, "\n"), &mounts[*count]) < 0) refuse("/proc/self/mountinfo", "cannot be understood");
	return mounts;
}

/* A directory directly before everything below it. */
static int by_components(const void *left, const void *right)
{
	const unsigned char *a = (const void *)((const struct mount *)left)->point;
	const unsigned char *b = (const void *)((const struct mount *)right)->point;
	while (*a && *a == *b) a++, b++;
	int x = *a == '/' ? 1 : *a ? *a + 1 : 0, y = *b == '/' ? 1 : *b ? *b + 1 : 0;
	return x - y;
}

static int is_below(const char *path, const char *above)
{
	size_t length = strlen(above);
	if (length == 1) return path[1] != 0;
	return !strncmp(path, above, length) && path[length] == '/';
}

/* The mount on top of those `count` that stand at one point, if the first of them stands on `under`; or NULL. */
static const struct mount *top_of(const struct mount *group, size_t count, int under)
{
	const struct mount *top = NULL;
	for (size_t i = 0; i < count; i++) {
		if (group[i].parent != under || (top && group[i].id == top->id)) continue;
		top = &group[i];
		under = top->id;
		i = (size_t)-1;
	}
	return top;
}

static int compare_point(const void *point, const void *expected)
{
	return strcmp(point, ((const struct expected_mount *)expected)->point);
}

/* As the kernel wrote it, so it is undone in place. */
static void unescape(char *path)
{
	char *to = path;
	for (const char *from = path; *from; to++) {
		if (*from == '\\' && from[1] && from[2] && from[3]) {
			*to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = 0;
}

static int look_at(const struct mount *m, struct stat *file)
{
	char *path = strdup(m->point);
	if (!path) refuse(m->point, "cannot be looked at");
	unescape(path);
	int result = lstat(path, file);
	int error = errno;
	free(path);
	errno = error;
	return result;
}

/* "*": the type does not tell. "#N": nor does it here, and the object itself is compared. */
static int has_root(const struct mount *m, const char *root)
{
	struct stat file;
	if (root[0] == '*') return 1;
	if (root[0] != '#') return !strcmp(m->root, root);
	return look_at(m, &file) == 0 && (unsigned long long)file.st_ino == strtoull(root + 1, NULL, 10);
}

/* A mount that can be seen, and whether the host has it too. */
struct standing {
	const struct mount *mount;
	int is_hosts;
};

/*
 * What the host has mounted since its mounts were read is there as well. It does no harm where the host's is read-only all
 * around: nothing of ours can stand there in the place of a mask, since each of those has to be where it was planned.
 */
static int is_late(const struct mount *m, const struct standing *around)
{
	return around && around->is_hosts && around->mount->read_only && m->read_only;
}

static int check_mount(const struct command *c, const struct mount *m, const struct standing *around)
{
	struct expected_mount *e = bsearch(m->point, c->mounts, c->head->mounts, sizeof *e, compare_point);
	if (!e && is_late(m, around)) return 1;
	if (!e) refuse(m->point, "is not what should be mounted");
	if (strcmp(m->device, e->system) && strcmp(m->type, e->system)) refuse(m->point, "is another file system");
	if (!has_root(m, e->root)) refuse(m->point, "leads elsewhere");
	e->seen = 1;
	/* Those of the sandbox's own are known by their type. */
	int is_hosts = strchr(e->system, ':') != NULL;
	if (m->read_only || !(e->kind & MOUNT_READ_ONLY)) return is_hosts;
	/* bwrap leaves what this account cannot reach as it is, a FUSE mount of somebody else's for one. */
	struct stat file;
	if (e->kind & MOUNT_REQUIRED || look_at(m, &file) == 0 || errno != EACCES) refuse(m->point, "can be written to");
	return is_hosts;
}

void check_mounts(const struct command *c)
{
	size_t count, depth = 0;
	struct mount *mounts = parse_all(read_mountinfo(), &count);
	struct standing *above = calloc(count + 1, sizeof *above);
	if (!above || count == 0) refuse("/", "is not mounted");
	qsort(mounts, count, sizeof *mounts, by_components);
	for (size_t from = 0, end; from < count; from = end) {
		for (end = from + 1; end < count && !strcmp(mounts[end].point, mounts[from].point);) end++;
		while (depth > 0 && !is_below(mounts[from].point, above[depth - 1].mount->point)) depth--;
		/* bwrap leaves one mount at the root, whose parent is outside. */
		if (depth == 0 && (from > 0 || end > 1 || strcmp(mounts[0].point, "/"))) refuse("/", "is not the only root");
		const struct standing *around = depth > 0 ? &above[depth - 1] : NULL;
		const struct mount *top = top_of(mounts + from, end - from, around ? around->mount->id : mounts[0].parent);
		/* Covered by another: nobody gets there. */
		if (!top) continue;
		int is_hosts = check_mount(c, top, around);
		above[depth++] = (struct standing){top, is_hosts};
	}
	for (uint32_t i = 0; i < c->head->mounts; i++)
		if (c->mounts[i].kind & MOUNT_REQUIRED && !c->mounts[i].seen) refuse(c->mounts[i].point, "is not where it was");
	free(above);
	free(mounts);
}
