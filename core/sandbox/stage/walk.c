/* One component after the other, so that a link is met and not followed, and what is missing is made where it was missed. */
#define _GNU_SOURCE
#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Devices of the file systems in which we may make something. */
static dev_t *own;
static size_t own_count;

int own_file_system(int fd)
{
	struct stat file;
	dev_t *more = realloc(own, (own_count + 1) * sizeof *own);
	if (!more) return -1;
	own = more;
	if (fstat(fd, &file) < 0) return -1;
	own[own_count++] = file.st_dev;
	return 0;
}

int is_own(int fd)
{
	struct stat file;
	if (fstat(fd, &file) < 0) return 0;
	for (size_t i = 0; i < own_count; i++)
		if (own[i] == file.st_dev) return 1;
	return 0;
}

static int make(int directory, const char *name, mode_t mode)
{
	if (!mode || !is_own(directory)) {
		errno = ENOENT;
		return -1;
	}
	return S_ISDIR(mode) ? mkdirat(directory, name, mode & 07777) : mknodat(directory, name, mode, 0);
}

static int step(int directory, const char *name, mode_t missing)
{
	int flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(directory, name, flags);
	if (fd >= 0 || errno != ENOENT || make(directory, name, missing) < 0) return fd;
	return openat(directory, name, flags);
}

/* What a link leads to is opened by nobody: the next step meets ENOTDIR. */
static int refuse_link(int fd)
{
	struct stat file;
	if (fd < 0 || (fstat(fd, &file) == 0 && !S_ISLNK(file.st_mode))) return fd;
	close(fd);
	errno = ELOOP;
	return -1;
}

int walk(int root, const char *path, mode_t last)
{
	int at = fcntl(root, F_DUPFD_CLOEXEC, 0);
	while (at >= 0 && *(path += strspn(path, "/"))) {
		char name[NAME_MAX + 1];
		size_t length = strcspn(path, "/");
		int next = -1;
		errno = ENAMETOOLONG;
		if (length <= NAME_MAX) {
			memcpy(name, path, length);
			name[length] = 0;
			path += length;
			next = step(at, name, *path && last ? S_IFDIR | 0755 : last);
		}
		int error = errno;
		close(at);
		errno = error;
		at = next;
	}
	return refuse_link(at);
}
