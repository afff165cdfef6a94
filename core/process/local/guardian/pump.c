/*
 * Moves a terminal's output into a pipe. Nothing is taken that the pipe has no room for, so nothing waits here: when
 * the shim ends, what is not in the pipe is in the terminal. Read and written, not spliced: a splice takes whole pages
 * of the pipe for whatever little it brings, and not every kernel can splice a terminal.
 */
#define _GNU_SOURCE
#include "pump.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

/* Between two looks at the orders of the server; a terminal gives 4 KiB a step. */
enum { STEPS_PER_TURN = 16 };

struct pump pump_of(int master, int output)
{
	return (struct pump){.master = master, .output = output};
}

void pump_watch(const struct pump *p, struct pollfd *watched)
{
	watched[0] = (struct pollfd){.fd = p->full ? -1 : p->master, .events = POLLIN};
	/* That its reader has gone is told unasked. */
	watched[1] = (struct pollfd){.fd = p->output, .events = p->full ? POLLOUT : 0};
}

/* The server reads EOF, and what is left in the terminal by itself; without a server the programs are hung up on. */
static void stop(struct pump *p)
{
	close(p->master);
	close(p->output);
	p->master = p->output = -1;
	p->full = 0;
}

/*
 * How many bytes the pipe takes for certain without waiting; -1: nobody reads it. What is ready to be written has a page
 * to give, and nobody else writes.
 */
static int room(int output)
{
	struct pollfd pipe = {.fd = output, .events = POLLOUT};
	if (poll(&pipe, 1, 0) <= 0) return 0;
	return pipe.revents & POLLERR ? -1 : PIPE_BUF;
}

void pump_turn(struct pump *p)
{
	char bytes[PIPE_BUF];
	if (p->master < 0) return;
	for (int step = 0; step < STEPS_PER_TURN; step++) {
		int wanted = room(p->output);
		p->full = wanted == 0;
		if (p->full) return;
		ssize_t got = wanted < 0 ? -1 : read(p->master, bytes, (size_t)wanted);
		if (wanted > 0 && got < 0 && (errno == EAGAIN || errno == EINTR)) return;
		/* EIO: nobody holds the terminal any more. */
		if (got <= 0 || write(p->output, bytes, (size_t)got) != got) {
			stop(p);
			return;
		}
	}
}
