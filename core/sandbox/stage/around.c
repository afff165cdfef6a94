/*
 * bwrap mounts by name, and makes what a name lacks: whoever exchanges names meanwhile chooses where. So it gets only what
 * nobody can exchange. The rest is mounted on descriptors, by a child of ours that enters bwrap's mounts once they stand.
 * It was in the host's user namespace, as the owner of bwrap's, and so needs nothing from inside but to be told when.
 */
#define _GNU_SOURCE
#include "around.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "command.h"
#include "execute.h"
#include "mounter.h"

/* linux/nsfs.h: the user namespace that owns another namespace. */
#define NS_GET_USERNS _IO(0xb7, 0x1)
enum { OURS = 0, PLAN = 1, KEPT = 2, LONGEST_ANSWER = 8192 };

/* Who is ready inside, as the kernel numbers him here; 0 when nobody ever will be. */
static pid_t await_first_program(void)
{
	char byte;
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec data = {&byte, 1};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	if (recvmsg(OURS, &message, 0) != 1) return 0;
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	if (!head || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_CREDENTIALS) return 0;
	struct ucred sender;
	memcpy(&sender, CMSG_DATA(head), sizeof sender);
	return sender.pid;
}

/* Who was killed while he waited for us has let go of his end: his number may be somebody else's. */
static int still_waits(void)
{
	char byte;
	if (recv(OURS, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0) return errno == EAGAIN;
	errno = ESRCH;
	return 0;
}

static int enter(pid_t pid)
{
	char path[32];
	snprintf(path, sizeof path, "/proc/%d/ns/mnt", (int)pid);
	int mounts = open(path, O_RDONLY | O_CLOEXEC);
	/* After it was opened: as long as he waits the number is his. */
	if (mounts < 0 || !still_waits()) return -1;
	int owner = ioctl(mounts, NS_GET_USERNS);
	if (owner < 0 || setns(owner, CLONE_NEWUSER) < 0 || setns(mounts, CLONE_NEWNS) < 0) return -1;
	close(owner);
	close(mounts);
	return 0;
}

static _Noreturn void make_mounts(int socket, int plan)
{
	/* Nothing of the command's is kept open by us, its pipes least of all. */
	if (dup2(socket, OURS) < 0 || dup2(plan, PLAN) < 0) _exit(1);
	close_from(KEPT);
	prctl(PR_SET_NAME, "codex-env-mount");
	pid_t pid = await_first_program();
	if (pid <= 0) _exit(0);
	static char answer[LONGEST_ANSWER];
	int proc = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (enter(pid) < 0) snprintf(answer, sizeof answer, "its mounts cannot be entered: %m");
	else mount_planned(PLAN, proc, answer, sizeof answer);
	/* With its NUL, so that nothing to complain of is a byte as well. */
	_exit(write(OURS, answer, strlen(answer) + 1) < 0);
}

void become_surrounded(int program, int plan, int socket, char **argv)
{
	char *none[] = {NULL};
	int ends[2], on = 1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) return;
	if (setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0) return;
	pid_t child = fork();
	if (child < 0) return;
	if (child == 0) make_mounts(ends[0], plan);
	/* It may be the number of our own end, which is the child's alone from here on. */
	if (ends[1] != socket && dup2(ends[1], socket) < 0) return;
	if (fcntl(socket, F_SETFD, 0) < 0 || fcntl(plan, F_SETFD, FD_CLOEXEC) < 0) return;
	if (fcntl(program, F_SETFD, FD_CLOEXEC) < 0) return;
	execute_program(argv[0], program, argv, none);
}

void await_mounts(int socket)
{
	static char answer[LONGEST_ANSWER];
	ssize_t got = write(socket, "", 1) == 1 ? read(socket, answer, sizeof answer - 1) : -1;
	if (got > 0 && !*answer) return;
	dprintf(2, "what the sandbox is made of cannot be mounted: %s\n", got > 0 ? answer : "nobody answers");
	_exit(127);
}
