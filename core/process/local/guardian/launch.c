/* Turning a request into a running command: read the blob, clone, become the program. */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../sandbox/stage/execute.h"

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000
#endif

/* Room for the child's stack: a PATH entry with a name (4 KiB + 256) and the calls below it. */
enum { STACK_BYTES = 64 * 1024 };

/* Lives in memory that the child shares until it execs, so the answer is there when clone returns. */
struct command {
	const struct request *request;
	const struct descriptors *fds;
	int executable;
	const char *cwd;
	const char *program;
	char **argv;
	char **envp;
	volatile int error;
	volatile int stage;
};

/* Descriptors may be anywhere: all of them are moved up, out of the way, before any is put in its place. */
static int place_inherited(const struct command *c)
{
	int count = (int)c->request->inherited, up[MAX_FDS];
	for (int i = 0; i < count; i++)
		if ((up[i] = fcntl(c->fds->inherited[i], F_DUPFD_CLOEXEC, FIRST_INHERITED + count)) < 0) return -1;
	for (int i = 0; i < count; i++)
		if (dup2(up[i], FIRST_INHERITED + i) < 0) return -1;
	return 0;
}

static int adopt_stdio(struct command *c)
{
	int pty = (c->request->flags & FLAG_PTY) != 0;
	if (pty && ioctl(c->fds->stdio[0], TIOCSCTTY, 0) < 0) return -1;
	for (int i = 0; i < 3; i++)
		if (dup2(c->fds->stdio[pty ? 0 : i], i) < 0) return -1;
	if (c->executable >= 0) {
		c->executable = fcntl(c->executable, F_DUPFD_CLOEXEC, FIRST_INHERITED + (int)c->request->inherited);
		if (c->executable < 0) return -1;
	}
	return place_inherited(c);
}

static void limit_open_files(uint64_t soft)
{
	struct rlimit limit;
	if (!soft || getrlimit(RLIMIT_NOFILE, &limit) < 0) return;
	limit.rlim_cur = soft < limit.rlim_max ? soft : limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int become(void *argument)
{
	struct command *c = argument;
	sigset_t none;
	sigemptyset(&none);
	c->stage = STAGE_STDIO;
	/* Should the shim be killed, the leader does not outlive it; what descends from it falls to the guardian. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid();
	/* Every other descriptor is close-on-exec. */
	if (adopt_stdio(c) == 0) {
		limit_open_files(c->request->open_files);
		c->stage = STAGE_CWD;
		if (chdir(c->cwd) == 0) {
			c->stage = STAGE_EXEC;
			signal(SIGPIPE, SIG_DFL);
			sigprocmask(SIG_SETMASK, &none, NULL);
			execute_program(c->program, c->executable, c->argv, c->envp);
		}
	}
	c->error = errno;
	_exit(127);
}

/* The next string of the blob, or NULL when it does not end inside. */
static char *take(char **at, char *end)
{
	char *string = *at;
	char *nul = string < end ? memchr(string, 0, (size_t)(end - string)) : NULL;
	if (nul) *at = nul + 1;
	return nul ? string : NULL;
}

static int read_blob(struct command *c, char *blob, size_t bytes)
{
	const struct blob_head *head = (const struct blob_head *)blob;
	/* Each string takes at least its NUL: the counts cannot ask for more than the blob's size. */
	if (bytes < sizeof *head || head->argc > bytes || head->envc > bytes) return -1;
	char *at = blob + sizeof *head, *end = blob + bytes;
	char **strings = malloc(((size_t)head->argc + head->envc + 2) * sizeof *strings);
	if (!strings) return -1;
	c->cwd = take(&at, end);
	c->program = take(&at, end);
	c->argv = strings;
	c->envp = strings + head->argc + 1;
	if (!c->cwd || !c->program) return -1;
	for (uint32_t i = 0; i < head->argc; i++)
		if (!(c->argv[i] = take(&at, end))) return -1;
	for (uint32_t i = 0; i < head->envc; i++)
		if (!(c->envp[i] = take(&at, end))) return -1;
	c->argv[head->argc] = NULL;
	c->envp[head->envc] = NULL;
	return 0;
}

struct launched launch(const struct request *request, const struct descriptors *fds)
{
	struct launched result = {.pid = 0, .pidfd = -1, .error = EINVAL, .stage = STAGE_STDIO};
	struct command command = {.request = request, .fds = fds, .executable = fds->executable};
	size_t bytes = request->blob_bytes;
	char *blob = bytes ? mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, fds->blob, 0) : MAP_FAILED;
	char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (blob == MAP_FAILED || stack == MAP_FAILED || read_blob(&command, blob, bytes) < 0) return result;
	int pidfd = -1;
	/* Sharing memory until the exec costs no copy, and the command's errno is known when clone returns. */
	int how = CLONE_VM | CLONE_VFORK | SIGCHLD;
	int pid = clone(become, stack + STACK_BYTES, how | CLONE_PIDFD, &command, &pidfd);
	/* Before Linux 5.2, and in some sandboxes, there are no pidfds. */
	if (pid < 0 && errno == EINVAL) pid = clone(become, stack + STACK_BYTES, how, &command);
	if (pid < 0) {
		result.error = errno;
		result.stage = STAGE_EXEC;
	} else if (command.error) {
		waitpid(pid, NULL, 0);
		result.error = command.error;
		result.stage = (enum stage)command.stage;
	} else {
		result.pid = pid;
		result.pidfd = pidfd;
	}
	free(command.argv);
	munmap(blob, bytes);
	munmap(stack, STACK_BYTES);
	return result;
}
