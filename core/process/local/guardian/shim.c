/* The shim: starts its command, tells how it ends, and lives until the whole tree is gone. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kept.h"
#include "launch.h"
#include "pump.h"
#include "tree.h"

struct shim {
	uint32_t token;
	struct launched leader;
	int leader_reaped;
	int control; /* -1 once the server has let go of it */
	int child_ended;
	int killing;
	int passes;
	struct pump pump;
	struct kept kept;
};

/* The first passes come fast, so that a fork storm loses; a tree that cannot be killed (another user's) costs little. */
static int pause_after(int passes)
{
	if (passes < 300) return 1;
	return passes < 400 ? 20 : 500;
}

static void signal_leader_group(const struct shim *s, int signal)
{
	if (signal_group(s->leader.pidfd, signal) == 0) return;
	/* While the leader is ours to reap, its number cannot name anybody else's group. */
	if (!s->leader_reaped) kill(-s->leader.pid, signal);
	else signal_descendants(signal, s->leader.pid, NULL);
}

static struct event exit_event(const struct shim *s, int status)
{
	struct event event = {s->token, EV_EXITED, WEXITSTATUS(status), 0};
	if (WIFSIGNALED(status)) {
		event.a = 128 + WTERMSIG(status);
		event.b = WTERMSIG(status);
	}
	return event;
}

/*
 * A daemon on the move forks its next life and ends, thousands of times a second. Its last life has just been reaped,
 * so the next one is our child by now, and its pid is one of those given out since.
 */
static void kill_next_lives(pid_t ended)
{
	for (pid_t next = ended + 1; next <= ended + 4; next++) signal_child(next, SIGKILL);
}

/* Takes every ended child and returns how many there were. When none is left, dead or alive, the tree is gone and so are we. */
static int reap(struct shim *s)
{
	struct event told[2];
	size_t count = 0;
	int reaped = 0;
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
		reaped++;
		if (s->killing) kill_next_lives(pid);
		if (pid != s->leader.pid || s->leader_reaped) continue;
		s->leader_reaped = 1;
		told[count++] = exit_event(s, status);
		/* What it said comes before its end. */
		pump_turn(&s->pump);
	}
	int gone = pid < 0 && errno == ECHILD;
	if (gone) {
		release_kept(&s->kept);
		told[count++] = (struct event){s->token, EV_EMPTY, 0, 0};
	}
	if (count) send_events(told, count);
	if (gone) exit(0);
	return reaped;
}

/* Keeps at it while children end faster than one wakes from a sleep. */
static void chase(struct shim *s)
{
	int quiet = 0;
	for (int looks = 0; looks < 20000 && quiet < 200; looks++) quiet = reap(s) > 0 ? 0 : quiet + 1;
}

static void kill_pass(struct shim *s)
{
	signal_leader_group(s, SIGKILL);
	/* Most trees are one group: the first pass looks no further, and their end makes the second one needless. */
	if (s->passes > 0) {
		signal_descendants(SIGKILL, 0, NULL);
		chase(s);
	}
	s->passes++;
}

static void obey(struct shim *s)
{
	unsigned char order[2];
	ssize_t got = read(s->control, order, sizeof order);
	if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
	if (got == sizeof order && order[0] == ORDER_SIGNAL) {
		signal_leader_group(s, order[1]);
		return;
	}
	if (got == sizeof order && order[0] == ORDER_MOVE) {
		pump_turn(&s->pump);
		send_event(s->token, EV_MOVED, 0, 0);
		return;
	}
	if (got <= 0) {
		close(s->control);
		s->control = -1;
	}
	s->killing = 1;
}

static void drain(int fd)
{
	struct signalfd_siginfo info;
	while (read(fd, &info, sizeof info) > 0) {
	}
}

/* What only the command needs. */
static void close_handed(const struct request *request, const struct descriptors *fds)
{
	close(fds->blob);
	for (int i = 0; i < (request->flags & FLAG_PTY ? 1 : 3); i++) close(fds->stdio[i]);
	if (fds->executable >= 0) close(fds->executable);
	for (uint32_t i = 0; i < request->inherited; i++) close(fds->inherited[i]);
}

_Noreturn void run_shim(const struct request *request, const struct descriptors *fds)
{
	struct shim s = {.token = request->token, .control = fds->control};
	sigset_t child;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	prctl(PR_SET_NAME, "codex-env-shim");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	s.child_ended = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	s.leader = launch(request, fds);
	s.pump = pump_of(fds->master, fds->output);
	s.kept = (struct kept){fds->kept, request->kept, fds->kept_names};
	close_handed(request, fds);
	if (!s.leader.pid) {
		release_kept(&s.kept);
		send_event(s.token, EV_FAILED, s.leader.error, s.leader.stage);
		exit(0);
	}
	send_event(s.token, EV_STARTED, s.leader.pid, 0);
	for (;;) {
		struct pollfd watched[4] = {{.fd = s.child_ended, .events = POLLIN}, {.fd = s.control, .events = POLLIN}};
		pump_watch(&s.pump, watched + 2);
		/* A tree that is being killed must not win time by talking: then the terminal has its turn after each pass. */
		int ready = poll(watched, s.killing ? 2 : 4, s.killing ? pause_after(s.passes) : -1);
		if (watched[0].revents) {
			drain(s.child_ended);
			reap(&s);
		}
		if (watched[1].revents) {
			int before = s.killing;
			obey(&s);
			if (s.killing && !before) kill_pass(&s);
		} else if (ready == 0 && s.killing) kill_pass(&s);
		if (s.killing || watched[2].revents || watched[3].revents) pump_turn(&s.pump);
	}
}
