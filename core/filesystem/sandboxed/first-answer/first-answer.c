/*
 * What a sandboxed filesystem helper is at first: it answers a request for a small plain file, then becomes the helper,
 * whose start takes longer than everything before it. ../README.md tells what it may answer.
 *
 *   first-answer PATH      0, 1, 2: the helper's; 3: its descriptor socket; 4: its program
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "line.h"

enum { HELPER_PROGRAM = 4, CANNOT_BE_RUN = 127 };

/* Zig's headers are older than openat2; the number is the same on x86-64 and arm64. */
enum { NR_OPENAT2 = 437, NO_MAGIC_LINKS = 0x02, NO_SYMLINKS = 0x04 };

struct how {
	uint64_t flags;
	uint64_t mode;
	uint64_t resolve;
};

/*
 * The size of a small plain file, 0 for everything else: a FIFO or a device would notice that it is opened, a file of
 * several names may be a denied one, and what tells no size may be the kernel's own.
 */
static size_t plain_size(int file)
{
	struct stat found;
	if (fstat(file, &found) < 0 || !S_ISREG(found.st_mode) || found.st_nlink != 1) return 0;
	return found.st_size > 0 && found.st_size <= MOST_CONTENT ? (size_t)found.st_size : 0;
}

/* A path without any link in it is the real one, which the server has judged. */
static int open_plain(const char *path)
{
	struct how how = {.flags = O_PATH | O_CLOEXEC, .resolve = NO_SYMLINKS | NO_MAGIC_LINKS};
	int place = (int)syscall(NR_OPENAT2, AT_FDCWD, path, &how, sizeof how);
	if (place < 0) return -1;
	int opened = -1;
	if (plain_size(place) > 0) {
		char again[32];
		snprintf(again, sizeof again, "/proc/self/fd/%d", place);
		opened = open(again, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	}
	close(place);
	return opened;
}

/* All of an open file, if it is plain and as long as it says; 0 otherwise. */
static size_t read_whole(int file, unsigned char *content)
{
	size_t size = plain_size(file), got = 0;
	while (size > 0 && got <= size) {
		ssize_t count = read(file, content + got, size + 1 - got);
		if (count < 0) return 0;
		if (count == 0) break;
		got += (size_t)count;
	}
	return got == size ? size : 0;
}

static int write_all(const char *bytes, size_t count)
{
	while (count > 0) {
		ssize_t written = write(1, bytes, count);
		if (written < 0 && errno != EINTR) return -1;
		if (written < 0) continue;
		bytes += written;
		count -= (size_t)written;
	}
	return 0;
}

/* 1: the request is answered. 0: nothing was said, and the helper is to do it, and to tell what is wrong. */
static int answer(const char *path)
{
	static unsigned char content[MOST_CONTENT + 1];
	static char line[MOST_LINE];
	int file = open_plain(path);
	if (file < 0) return 0;
	size_t size = read_whole(file, content);
	close(file);
	if (size == 0) return 0;
	/* Nobody listens any more, or half a line was said: there is nothing left to be a helper for. */
	if (write_all(line, answer_line(line, content, size)) < 0) _exit(1);
	return 1;
}

int main(int argc, char **argv)
{
	if (argc != 2) return 2;
	char *answered[] = {"codex-fs", "answered", argv[1], NULL}, *unanswered[] = {"codex-fs", NULL}, *nothing[] = {NULL};
	char **helper = answer(argv[1]) ? answered : unanswered;
	if (fcntl(HELPER_PROGRAM, F_SETFD, FD_CLOEXEC) == 0)
		syscall(SYS_execveat, HELPER_PROGRAM, "", helper, nothing, AT_EMPTY_PATH);
	dprintf(2, "the helper cannot be run: %s\n", strerror(errno));
	return CANNOT_BE_RUN;
}
