/* Removing placeholders. The rules are those of core/sandbox/launch/placeholder.ts, the other side of this. */
#define _GNU_SOURCE
#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The directory that a path lies in; -1 when it is gone, or when its way there leads through a link. */
static int open_parent(const char *path, size_t length)
{
	char parent[PATH_MAX], found[PATH_MAX], self[64];
	if (length >= sizeof parent) return -1;
	memcpy(parent, path, length);
	parent[length] = 0;
	int fd = open(length ? parent : "/", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) return -1;
	snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
	ssize_t got = readlink(self, found, sizeof found);
	if (length ? got == (ssize_t)length && !memcmp(found, parent, length) : got == 1) return fd;
	close(fd);
	return -1;
}

/*
 * An entry says "d 2049:1234 /path", NUL-terminated: kind, device, inode. Only what was made goes, and only while it is
 * empty: anything else is somebody's by now, and stays. Returns -1 when it cannot be told or removed, or is not found:
 * somebody may have exchanged names on the way there, and the server looks again later.
 */
static int remove_recorded(const char *record)
{
	char *at;
	struct stat there;
	if ((record[0] != 'd' && record[0] != 'f') || record[1] != ' ') return -1;
	unsigned long long device = strtoull(record + 2, &at, 10);
	if (*at != ':') return -1;
	unsigned long long inode = strtoull(at + 1, &at, 10);
	if (at[0] != ' ' || at[1] != '/') return -1;
	const char *path = at + 1, *name = strrchr(path, '/') + 1;
	int parent = open_parent(path, (size_t)(name - path) - 1), directory = record[0] == 'd', done = 0;
	if (parent < 0) return -1;
	if (fstatat(parent, name, &there, AT_SYMLINK_NOFOLLOW) < 0) done = -1;
	else if (there.st_dev == device && there.st_ino == inode) {
		if (directory && S_ISDIR(there.st_mode))
			done = unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOTEMPTY || errno == ENOENT ? 0 : -1;
		else if (!directory && S_ISREG(there.st_mode) && there.st_size == 0 && there.st_nlink == 1)
			done = unlinkat(parent, name, 0) == 0 || errno == ENOENT ? 0 : -1;
	}
	close(parent);
	return done;
}

/* Makes everybody else who changes the registry wait, for microseconds. */
static int lock_registry(const char *entry)
{
	char path[PATH_MAX];
	const char *name = strrchr(entry, '/');
	if (!name || snprintf(path, sizeof path, "%.*s/.lock", (int)(name - entry), entry) >= (int)sizeof path) return -1;
	int lock = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (lock >= 0 && flock(lock, LOCK_EX) == 0) return lock;
	if (lock >= 0) close(lock);
	return -1;
}

static void release(int held, const char *entry)
{
	char record[PATH_MAX + 64];
	struct stat state;
	int lock = lock_registry(entry);
	if (lock < 0) return;
	/* Somebody else who holds it removes it later. */
	if (flock(held, LOCK_EX | LOCK_NB) == 0 && fstat(held, &state) == 0 && state.st_nlink > 0) {
		ssize_t got = pread(held, record, sizeof record - 1, 0);
		if (got > 0) {
			record[got] = 0;
			if (remove_recorded(record) == 0) unlink(entry);
			else futimens(held, NULL);
		}
	}
	flock(held, LOCK_UN);
	close(lock);
}

void release_kept(const struct kept *kept)
{
	struct stat file;
	if (!kept->count || fstat(kept->names, &file) < 0 || file.st_size <= 0) return;
	size_t bytes = (size_t)file.st_size;
	const char *names = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, kept->names, 0);
	if (names == MAP_FAILED) return;
	const char *at = names, *end = names + bytes;
	for (uint32_t i = 0; i < kept->count; i++) {
		const char *entry_end = memchr(at, 0, (size_t)(end - at));
		if (!entry_end) return;
		/* What has no entry is only held. */
		if (*at) release(kept->descriptors[i], at);
		at = entry_end + 1;
	}
}
