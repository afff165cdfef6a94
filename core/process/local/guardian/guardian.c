/* The guardian: forks a shim per request and catches what the tree of a killed shim leaves behind. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim.h"
#include "tree.h"
#include "wire.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* Pause between two looks for orphans, ms. */
enum { SWEEP_MS = 5 };

struct shim_row {
	pid_t pid; /* 0: it died by force, and its orphans are being killed */
	uint32_t token;
};

static struct shim_row *shims;
static size_t shim_count, shim_room, dead_shims;

void send_events(const struct event *events, size_t count)
{
	/* EPIPE means that the server is gone; the control pipe says so too. */
	while (write(FD_EVENTS, events, count * sizeof *events) < 0 && errno == EINTR) {
	}
}

void send_event(uint32_t token, enum event_kind kind, int32_t a, int32_t b)
{
	struct event event = {token, kind, a, b};
	send_events(&event, 1);
}

static int is_shim(pid_t pid)
{
	for (size_t i = 0; i < shim_count; i++)
		if (shims[i].pid == pid) return 1;
	return 0;
}

static int remember(pid_t pid, uint32_t token)
{
	if (shim_count == shim_room) {
		size_t room = shim_room ? shim_room * 2 : 64;
		struct shim_row *grown = realloc(shims, room * sizeof *grown);
		if (!grown) return -1;
		shims = grown;
		shim_room = room;
	}
	shims[shim_count++] = (struct shim_row){pid, token};
	return 0;
}

static void forget(size_t row)
{
	shims[row] = shims[--shim_count];
}

static void shim_ended(size_t row, int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		forget(row);
		return;
	}
	send_event(shims[row].token, EV_SHIM_DIED, 0, 0);
	shims[row].pid = 0;
	dead_shims++;
}

static void reap(void)
{
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0)
		for (size_t row = 0; row < shim_count; row++)
			if (shims[row].pid == pid) {
				shim_ended(row, status);
				break;
			}
}

/* A child that is no shim was orphaned by one that died by force. */
static void sweep(void)
{
	if (signal_descendants(SIGKILL, 0, is_shim) > 0) return;
	for (size_t row = shim_count; row-- > 0;) {
		if (shims[row].pid) continue;
		send_event(shims[row].token, EV_EMPTY, 0, 0);
		forget(row);
	}
	dead_shims = 0;
}

static void start(const struct request *request, const struct descriptors *fds, int child_ended)
{
	pid_t pid = fork();
	if (pid == 0) {
		close(FD_REQUESTS);
		close(child_ended);
		free(shims);
		run_shim(request, fds);
	}
	if (pid < 0) send_event(request->token, EV_FAILED, errno, STAGE_EXEC);
	else if (remember(pid, request->token) < 0) kill(pid, SIGKILL);
}

/* Takes a request's descriptors apart. Returns -1 when they are not as many as it says. */
static int sort_descriptors(const struct request *r, const int *fds, size_t count, struct descriptors *d)
{
	size_t pump = r->flags & FLAG_PUMP ? 2 : 0, program = r->flags & FLAG_EXECUTABLE ? 1 : 0;
	if (r->inherited > MAX_FDS || r->kept > MAX_FDS) return -1;
	if (count != FIXED_FDS + pump + program + r->inherited + r->kept + (r->kept > 0)) return -1;
	*d = (struct descriptors){fds[0], fds[1], fds + 2, -1, -1, -1, NULL, NULL, -1};
	const int *next = fds + FIXED_FDS;
	if (r->flags & FLAG_PTY) {
		d->master = fds[3];
		d->output = fds[4];
	} else if (pump) {
		d->master = *next++;
		d->output = *next++;
	}
	if (program) d->executable = *next++;
	d->inherited = next;
	d->kept = next + r->inherited;
	if (r->kept) d->kept_names = d->kept[r->kept];
	return 0;
}

/* Takes one request. Returns 0 when the server has closed its end. */
static int serve(int child_ended)
{
	struct request request;
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(MAX_FDS * sizeof(int))];
	} control;
	struct iovec body = {&request, sizeof request};
	struct msghdr message = {
		.msg_iov = &body, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	ssize_t got = recvmsg(FD_REQUESTS, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	if (got < 0) return errno == EAGAIN || errno == EINTR;
	if (got == 0) return 0;
	int fds[MAX_FDS];
	struct descriptors sorted;
	size_t count = 0;
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS) {
		count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(head), count * sizeof(int));
	}
	if (got == sizeof request && request.magic == REQUEST_MAGIC) {
		if (sort_descriptors(&request, fds, count, &sorted) == 0) start(&request, &sorted, child_ended);
		else send_event(request.token, EV_FAILED, EMFILE, STAGE_STDIO);
	}
	for (size_t i = 0; i < count; i++) close(fds[i]);
	return 1;
}

static int prepare(void)
{
	sigset_t all, child;
	setsid();
	prctl(PR_SET_NAME, "codex-env-guard");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	/* Keeps commands of the same user away from our descriptors in /proc, where events could be forged, and from ptrace. */
	prctl(PR_SET_DUMPABLE, 0);
	syscall(SYS_close_range, 3, ~0u, 0);
	if (chdir("/") < 0) return -1;
	/* Commands start with every disposition at its default, whatever the server or its parents ignored. */
	for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

int main(void)
{
	int child_ended = prepare();
	int serving = 1;
	if (child_ended < 0) return 1;
	while (serving || shim_count > 0) {
		struct pollfd watched[2] = {{.fd = child_ended, .events = POLLIN},
									{.fd = serving ? FD_REQUESTS : -1, .events = POLLIN}};
		poll(watched, 2, dead_shims ? SWEEP_MS : -1);
		if (watched[0].revents) {
			struct signalfd_siginfo info;
			while (read(child_ended, &info, sizeof info) > 0) {
			}
			reap();
		}
		if (watched[1].revents) serving = serve(child_ended);
		if (dead_shims) sweep();
	}
	return 0;
}
