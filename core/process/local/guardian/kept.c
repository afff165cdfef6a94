/* Removing placeholders. The rules are those of core/sandbox/launch/placeholder.ts, the other side of this. */
#define _GNU_SOURCE
#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Only what is empty goes, and only what is held: anything else is somebody's by now, and stays. */
static int remove_held(int held, const char *path)
{
	struct stat ours, there;
	if (fstat(held, &ours) < 0 || lstat(path, &there) < 0) return errno == ENOENT ? 0 : -1;
	if (ours.st_dev != there.st_dev || ours.st_ino != there.st_ino) return 0;
	if (!S_ISDIR(ours.st_mode)) return ours.st_size == 0 ? unlink(path) : 0;
	return rmdir(path) == 0 || errno == ENOTEMPTY ? 0 : -1;
}

static void release(int held, const char *path, const char *entry)
{
	struct stat state;
	flock(held, LOCK_UN);
	int lock = open(entry, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (lock < 0) return;
	/* Whoever has the entry makes or removes this very thing, in microseconds. */
	if (flock(lock, LOCK_EX) == 0 && fstat(lock, &state) == 0 && state.st_nlink > 0)
		/* Somebody else who holds it removes it later. */
		if (flock(held, LOCK_EX | LOCK_NB) == 0 && remove_held(held, path) == 0) unlink(entry);
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
		const char *path_end = memchr(at, 0, (size_t)(end - at));
		const char *entry_end = path_end ? memchr(path_end + 1, 0, (size_t)(end - path_end - 1)) : NULL;
		if (!entry_end) return;
		release(kept->descriptors[i], at, path_end + 1);
		at = entry_end + 1;
	}
}
