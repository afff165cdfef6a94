/* Finds descendants by the chain of parents in /proc (/proc/PID/task/TID/children is not in every kernel). */
#define _GNU_SOURCE
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#define PIDFD_SIGNAL_PROCESS_GROUP 4u /* Linux 6.9 */

struct process {
	pid_t pid;
	pid_t parent;
	pid_t group;
	unsigned long long started; /* clock ticks since boot */
	int ours;
};

static int read_stat(pid_t pid, struct process *p)
{
	char path[32], text[512], state;
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) return -1;
	ssize_t length = read(fd, text, sizeof text - 1);
	close(fd);
	if (length <= 0) return -1;
	text[length] = 0;
	/* The name may hold anything, parentheses too: the fields begin after its last one. */
	const char *fields = strrchr(text, ')');
	if (!fields) return -1;
	int parent, group;
	if (sscanf(fields + 1, " %c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &state,
		   &parent, &group, &p->started) != 4)
		return -1;
	if (state == 'Z' || state == 'X') return -1;
	p->pid = pid;
	p->parent = parent;
	p->group = group;
	p->ours = 0;
	return 0;
}

static int send_by_pidfd(const struct process *p, int signal)
{
	int pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	if (pidfd < 0) return -1;
	/* The descriptor holds whoever has the pid now: it must still be the one that was seen, or an orphan of ours. */
	struct process now;
	int known = read_stat(p->pid, &now) == 0 && now.started == p->started;
	if (known && (now.parent == p->parent || now.parent == getpid())) syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
	close(pidfd);
	return 0;
}

static void send_signal(const struct process *p, int signal)
{
	/* Nobody but us reaps our own child, and we do not do it here: its pid cannot have changed hands. */
	if (p->parent == getpid() || send_by_pidfd(p, signal) < 0) kill(p->pid, signal);
}

void signal_child(pid_t pid, int signal)
{
	struct process p;
	if (read_stat(pid, &p) == 0 && p.parent == getpid()) kill(pid, signal);
}

static int by_pid(const void *a, const void *b)
{
	return ((const struct process *)a)->pid - ((const struct process *)b)->pid;
}

struct table {
	struct process *rows;
	size_t count;
	size_t room;
};

static struct process *append(struct table *t)
{
	if (t->count == t->room) {
		size_t room = t->room ? t->room * 2 : 256;
		struct process *rows = realloc(t->rows, room * sizeof *rows);
		if (!rows) return NULL;
		t->rows = rows;
		t->room = room;
	}
	return &t->rows[t->count++];
}

static int wanted(const struct process *p, pid_t group)
{
	return group <= 0 || p->group == group;
}

/* Signals our direct children at once (a fork storm outruns a second look) and notes everybody else. */
static int scan(struct table *t, int signal, pid_t group, spared_fn spared)
{
	DIR *proc = opendir("/proc");
	if (!proc) return 0;
	int found = 0;
	pid_t self = getpid();
	for (struct dirent *entry; (entry = readdir(proc));) {
		struct process p;
		pid_t pid = atoi(entry->d_name);
		if (pid <= 0 || pid == self || read_stat(pid, &p) < 0) continue;
		if (p.parent == self) {
			if (spared && spared(pid)) continue;
			p.ours = 1;
			if (wanted(&p, group)) {
				send_signal(&p, signal);
				found++;
			}
		}
		struct process *row = append(t);
		if (row) *row = p;
	}
	closedir(proc);
	return found;
}

int signal_descendants(int signal, pid_t group, spared_fn spared)
{
	struct table t = {0};
	int found = scan(&t, signal, group, spared);
	if (t.count) qsort(t.rows, t.count, sizeof *t.rows, by_pid);
	for (int grew = 1; grew;) {
		grew = 0;
		for (size_t i = 0; i < t.count; i++) {
			struct process *p = &t.rows[i], key = {.pid = p->parent};
			if (p->ours) continue;
			const struct process *parent = bsearch(&key, t.rows, t.count, sizeof key, by_pid);
			if (!parent || !parent->ours) continue;
			p->ours = grew = 1;
			if (!wanted(p, group)) continue;
			send_signal(p, signal);
			found++;
		}
	}
	free(t.rows);
	return found;
}

int signal_group(int leader_pidfd, int signal)
{
	if (leader_pidfd < 0) return -1;
	/* The descriptor keeps the leader's number as it was, so its group stays reachable after the leader was reaped. */
	if (syscall(SYS_pidfd_send_signal, leader_pidfd, signal, NULL, PIDFD_SIGNAL_PROCESS_GROUP) == 0) return 0;
	return errno == EINVAL || errno == ENOSYS ? -1 : 0;
}
