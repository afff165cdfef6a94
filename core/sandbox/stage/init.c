/* Pid 1 of a sandbox: starts the command, tells how it ends, obeys the server, and lives until everybody is gone. */
#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "around.h"
#include "confinement.h"
#include "execute.h"
#include "mounts.h"

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
enum { SIGNAL_PROCESS_GROUP = 4 };

/* Room for the child's stack: a PATH entry with a name (4 KiB + 256) and the calls below it. */
enum { STACK_BYTES = 64 * 1024 };

/* Lives in memory that the child shares until it execs, so the answer is there when clone returns. */
struct start {
	struct command command;
	int executable;
	volatile int error;
	volatile enum stage stage;
};

struct leader {
	pid_t pid;
	int pidfd;
	int reaped;
};

static int adopt_stdio(const struct command *c)
{
	if (c->head->flags & BLOB_TERMINAL && ioctl(FD_STDIO, TIOCSCTTY, 0) < 0) return -1;
	for (int i = 0; i < 3; i++)
		if (dup2(FD_STDIO + i, i) < 0) return -1;
	return place_inherited(c, INIT_FIRST_INHERITED);
}

static int become(void *argument)
{
	struct start *s = argument;
	s->stage = STAGE_STDIO;
	setsid();
	if (adopt_stdio(&s->command) == 0) {
		s->stage = STAGE_CWD;
		if (chdir(s->command.cwd) == 0) {
			s->stage = STAGE_EXEC;
			reset_signals();
			execute_program(s->command.program, s->executable, s->command.argv, s->command.envp);
		}
	}
	s->error = errno;
	_exit(127);
}

static struct leader launch(struct start *s)
{
	struct leader leader = {.pidfd = -1};
	char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack == MAP_FAILED) give_up(STAGE_EXEC, errno);
	int how = CLONE_VM | CLONE_VFORK | SIGCHLD;
	leader.pid = clone(become, stack + STACK_BYTES, how | CLONE_PIDFD, s, &leader.pidfd);
	if (leader.pid < 0 && errno == EINVAL) leader.pid = clone(become, stack + STACK_BYTES, how, s);
	if (leader.pid < 0) give_up(STAGE_EXEC, errno);
	if (s->error) give_up(s->stage, s->error);
	return leader;
}

static void signal_group(const struct leader *leader, int number)
{
	/* The descriptor can never name a group that got the leader's number later. */
	if (syscall(SYS_pidfd_send_signal, leader->pidfd, number, NULL, SIGNAL_PROCESS_GROUP) == 0) return;
	if (errno == EINVAL || errno == ENOSYS || errno == EBADF) kill(-leader->pid, number);
}

static void obey(struct leader *leader, int *orders)
{
	unsigned char order[2];
	ssize_t got = read(*orders, order, sizeof order);
	if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
	if (got == sizeof order && order[0] == ORDER_SIGNAL) {
		signal_group(leader, order[1]);
		return;
	}
	if (got <= 0) *orders = -1;
	/* One atomic step: whoever is forking is in it or does not come to be. */
	kill(-1, SIGKILL);
}

static void reap(struct leader *leader)
{
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
		if (pid != leader->pid || leader->reaped) continue;
		leader->reaped = 1;
		int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
		send_status(STATUS_EXITED, number ? 128 + number : WEXITSTATUS(status), number);
	}
	/* What a command leaves running on purpose lives on, and we with it: our end is the end of all. */
	if (pid < 0 && errno == ECHILD) exit(0);
}

static int last_descriptor(const struct command *c)
{
	return INIT_FIRST_INHERITED + (int)c->head->inherited - 1 + ((c->head->flags & BLOB_EXECUTABLE) != 0);
}

static int prepare(struct start *s, int socket)
{
	sigset_t all, child;
	if (getpid() != 1) give_up(STAGE_NAMESPACE, ECHILD);
	check_confinement();
	if (read_command(&s->command) < 0) give_up(STAGE_BLOB, EINVAL);
	if (socket >= 0) {
		await_mounts(socket);
		close(socket);
	}
	check_mounts(&s->command);
	int last = last_descriptor(&s->command);
	for (int fd = FD_BLOB; fd <= last; fd++)
		if (fcntl(fd, F_GETFD) < 0) give_up(STAGE_STDIO, errno);
	close_on_exec_from(FD_BLOB);
	restrict_writing(&s->command, last);
	s->executable = s->command.head->flags & BLOB_EXECUTABLE ? last : -1;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	int child_ended = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (child_ended <= last) give_up(STAGE_STDIO, errno);
	return child_ended;
}

/* What is the command's is not kept open by us: its readers wait for EOF. */
static void let_go(const struct command *c)
{
	dup2(0, 2);
	close(FD_BLOB);
	for (int fd = FD_PROGRAM; fd <= last_descriptor(c); fd++) close(fd);
}

_Noreturn void run_init(int socket)
{
	static struct start start;
	int orders = FD_ORDERS;
	int child_ended = prepare(&start, socket);
	struct leader leader = launch(&start);
	send_status(STATUS_STARTED, leader.pid, 0);
	let_go(&start.command);
	for (;;) {
		struct pollfd watched[2] = {{.fd = child_ended, .events = POLLIN}, {.fd = orders, .events = POLLIN}};
		poll(watched, 2, -1);
		if (watched[0].revents) {
			struct signalfd_siginfo info;
			while (read(child_ended, &info, sizeof info) > 0) {
			}
			reap(&leader);
		}
		if (watched[1].revents) obey(&leader, &orders);
	}
}
