/* Reading the blob, and becoming the command that it describes. */
#define _GNU_SOURCE
#include "command.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
enum { CLOSE_ON_EXEC = 4, MOST_DESCRIPTORS = 1024 };

/* The next string of the blob, or NULL when it does not end inside. */
static char *take(char **at, char *end)
{
	char *string = *at;
	char *nul = string < end ? memchr(string, 0, (size_t)(end - string)) : NULL;
	if (nul) *at = nul + 1;
	return nul ? string : NULL;
}

static int take_all(char **at, char *end, char **strings, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (!(strings[i] = take(at, end))) return -1;
	strings[count] = NULL;
	return 0;
}

static int take_mounts(char **at, char *end, struct command *c)
{
	c->mounts = calloc((size_t)c->head->mounts + 1, sizeof *c->mounts);
	if (!c->mounts) return -1;
	for (uint32_t i = 0; i < c->head->mounts; i++) {
		struct expected_mount *m = &c->mounts[i];
		const char *kind;
		if (!(m->point = take(at, end)) || !(kind = take(at, end))) return -1;
		if (!(m->root = take(at, end)) || !(m->system = take(at, end))) return -1;
		m->kind = kind[0] - '0';
	}
	return 0;
}

static int parse(struct command *c, char *blob, size_t bytes)
{
	const struct blob_head *head = (const struct blob_head *)blob;
	if (bytes < sizeof *head || head->magic != BLOB_MAGIC || head->filter_bytes % 8) return -1;
	/* Each string takes at least its NUL: no count can ask for more than the blob's size. */
	if (head->argc > bytes || head->envc > bytes || head->rules > bytes / 9 || head->filter_bytes > bytes) return -1;
	if (head->mounts > bytes / 4) return -1;
	if (head->inherited > 64) return -1;
	size_t fixed = sizeof *head + head->filter_bytes + (size_t)head->rules * sizeof(uint64_t);
	if (fixed > bytes) return -1;
	char *at = blob + fixed, *end = blob + bytes;
	c->head = head;
	c->filter = blob + sizeof *head;
	c->access = (const uint64_t *)(blob + sizeof *head + head->filter_bytes);
	c->rule_paths = at;
	for (uint32_t i = 0; i < head->rules; i++)
		if (!take(&at, end)) return -1;
	c->cwd = take(&at, end);
	c->program = take(&at, end);
	if (!c->cwd || !c->program) return -1;
	c->argv = malloc(((size_t)head->argc + head->envc + 2) * sizeof *c->argv);
	if (!c->argv) return -1;
	c->envp = c->argv + head->argc + 1;
	if (take_all(&at, end, c->argv, head->argc) < 0) return -1;
	if (take_all(&at, end, c->envp, head->envc) < 0) return -1;
	return take_mounts(&at, end, c);
}

int read_command(struct command *c)
{
	struct stat file;
	if (fstat(FD_BLOB, &file) < 0 || file.st_size <= 0) return -1;
	size_t bytes = (size_t)file.st_size;
	char *blob = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, FD_BLOB, 0);
	return blob == MAP_FAILED ? -1 : parse(c, blob, bytes);
}

int place_inherited(const struct command *c, int first)
{
	/* Each goes to a lower number than its own: none that is still to be placed is overwritten. */
	for (uint32_t i = 0; i < c->head->inherited; i++)
		if (dup2(first + (int)i, FIRST_INHERITED + (int)i) < 0) return -1;
	return 0;
}

void close_on_exec_from(int first)
{
	if (syscall(SYS_close_range, first, ~0u, CLOSE_ON_EXEC) == 0) return;
	/* Before Linux 5.11. Whoever starts us hands over fewer than SCM_MAX_FD, one number after the other. */
	for (int fd = first; fd < MOST_DESCRIPTORS; fd++) fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void close_from(int first)
{
	if (syscall(SYS_close_range, first, ~0u, 0) == 0) return;
	for (int fd = first; fd < MOST_DESCRIPTORS; fd++) close(fd);
}

void reset_signals(void)
{
	sigset_t none;
	sigemptyset(&none);
	for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
}
