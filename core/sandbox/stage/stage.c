/* The stage: the first program inside a sandbox. `init` is pid 1 of one; `become` puts one on and is the command then; `around` comes before bwrap. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "around.h"
#include "command.h"
#include "confinement.h"
#include "execute.h"
#include "init.h"
#include "wire.h"


static int status_pipe = FD_STATUS;
/* Who tells on stderr what could not be done, where nobody reads the status pipe any more; or NULL. */
static const char *complainer;
enum { REFUSED = 124 };

void send_status(enum status_kind kind, int32_t a, int32_t b)
{
	struct status status = {kind, a, b};
	/* EPIPE means that the server is gone; the order pipe says so too. */
	while (write(status_pipe, &status, sizeof status) < 0 && errno == EINTR) {
	}
}

static const char *name_of(enum stage stage)
{
	switch (stage) {
	case STAGE_CWD: return "the working directory of the command";
	case STAGE_EXEC: return "the command cannot be run";
	case STAGE_STDIO: return "the descriptors of the command";
	case STAGE_CAPABILITIES: return "capabilities cannot be dropped";
	case STAGE_PRIVILEGES: return "new privileges cannot be forbidden";
	case STAGE_FILTER: return "the seccomp filter could not be loaded";
	case STAGE_LANDLOCK: return "the Landlock rules could not be put in force";
	default: return "the sandbox's first program does not understand its orders";
	}
}

_Noreturn void give_up(enum stage stage, int error)
{
	if (complainer) {
		dprintf(2, "%s: %s: %s\n", complainer, name_of(stage), strerror(error));
		_exit(REFUSED);
	}
	send_status(STATUS_FAILED, error, stage);
	_exit(127);
}

/* That the status pipe ends without a word says that the command runs. */
static _Noreturn void become_command(void)
{
	struct command command;
	if (read_command(&command) < 0) give_up(STAGE_BLOB, EINVAL);
	int first = BECOME_FIRST_INHERITED, end = first + (int)command.head->inherited;
	/* Clear of every number that is to be placed. */
	int executable = command.head->flags & BLOB_EXECUTABLE ? fcntl(end, F_DUPFD_CLOEXEC, end + 1) : -1;
	int status = fcntl(FD_STATUS, F_DUPFD_CLOEXEC, end + 1);
	if (status < 0 || (command.head->flags & BLOB_EXECUTABLE && executable < 0)) give_up(STAGE_STDIO, errno);
	status_pipe = status;
	if (place_inherited(&command, first) < 0) give_up(STAGE_STDIO, errno);
	close_on_exec_from(FIRST_INHERITED + (int)command.head->inherited);
	if (chdir(command.cwd) < 0) give_up(STAGE_CWD, errno);
	confine(&command, executable);
	reset_signals();
	execute_program(command.program, executable, command.argv, command.envp);
	give_up(STAGE_EXEC, errno);
}

/* For trials of a sandbox: a program of the host's in the place of a command, or none. */
static _Noreturn void run_after(int socket, char **argv)
{
	char *none[] = {NULL};
	await_mounts(socket);
	close(socket);
	if (!argv[0]) _exit(0);
	execute_program(argv[0], -1, argv, none);
	dprintf(2, "%s: it cannot be run: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* PROGRAM PLAN SOCKET bwrap ... */
static _Noreturn void run_around(char **argv)
{
	become_surrounded(atoi(argv[0]), atoi(argv[1]), atoi(argv[2]), argv + 3);
	dprintf(2, "%s: it cannot be run: %s\n", argv[3], strerror(errno));
	_exit(1);
}

/* A trial has no shim: what bwrap's end leaves behind is ours to reap, and bwrap's exit is ours. */
static int run_trial(char **argv)
{
	int status, result = 1;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid_t launcher = fork(), ended;
	if (launcher == 0) run_around(argv);
	while ((ended = waitpid(-1, &status, 0)) > 0 || errno == EINTR)
		if (ended == launcher) result = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	return result;
}

int main(int argc, char **argv)
{
	/* Keeps the command away from our descriptors in /proc; another program's memory is dumpable again. */
	prctl(PR_SET_DUMPABLE, 0);
	if (argc >= 2 && !strcmp(argv[1], "init")) run_init(argc == 3 ? atoi(argv[2]) : -1);
	if (argc >= 3 && !strcmp(argv[1], "after")) run_after(atoi(argv[2]), argv + 3);
	if (argc >= 6 && !strcmp(argv[1], "around")) run_around(argv + 2);
	if (argc >= 6 && !strcmp(argv[1], "trial")) return run_trial(argv + 2);
	if (argc == 3) complainer = argv[2];
	if (argc >= 2 && !strcmp(argv[1], "become")) become_command();
	return 2;
}
