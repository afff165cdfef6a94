/*
 * Moves a terminal's output into a pipe. Nothing is taken that the pipe has no room for, so nothing waits here: when
 * the shim ends, what is not in the pipe is in the terminal. Read and written, not spliced: a splice takes whole pages
 * of the pipe for whatever little it brings, and not every kernel can splice a terminal.
 */
#define _GNU_SOURCE
#include "pump.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <unistd.h>

/*
 * A terminal gives 4 KiB at a time. What follows at once joins them: every write wakes the server, and that takes the
 * processor from whoever fills the terminal.
 */
enum { PIECE_BYTES = 4 * PIPE_BUF };

/* Between two looks at the orders of the server. */
enum { PIECES_PER_TURN = 4 };

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
 * to give, and nobody else writes. Pages may be partly filled, but two neighbours hold more than one page together: what
 * holds less than half of its size has the pages of a piece free.
 */
static int room(int output)
{
	struct pollfd pipe = {.fd = output, .events = POLLOUT};
	if (poll(&pipe, 1, 0) <= 0) return 0;
	if (pipe.revents & POLLERR) return -1;
	int held = 0, capacity = fcntl(output, F_GETPIPE_SZ);
	int few = ioctl(output, FIONREAD, &held) == 0 && held <= capacity / 2 - PIECE_BYTES - getpagesize();
	return few ? PIECE_BYTES : PIPE_BUF;
}

/* Reads for as long as the terminal gives more at once. Returns how many bytes; errno is 0, or why there are no more. */
static int take(int master, char *bytes, int wanted)
{
	int taken = 0;
	ssize_t got;
	errno = 0;
	do {
		got = read(master, bytes + taken, (size_t)(wanted - taken));
		if (got > 0) taken += (int)got;
	} while (got >= PIPE_BUF / 2 && wanted - taken >= PIPE_BUF / 2);
	/* A terminal that was hung up on gives nothing. */
	if (got == 0) errno = EIO;
	return taken;
}

/* Returns 0, or why no more can be moved now. */
static int move(const struct pump *p, int wanted)
{
	char bytes[PIECE_BYTES];
	int taken = take(p->master, bytes, wanted);
	int why = errno;
	if (taken > 0 && write(p->output, bytes, (size_t)taken) != taken) return EPIPE;
	return why;
}

void pump_turn(struct pump *p)
{
	if (p->master < 0) return;
	for (int piece = 0; piece < PIECES_PER_TURN; piece++) {
		int wanted = room(p->output);
		p->full = wanted == 0;
		if (p->full) return;
		int why = wanted < 0 ? EPIPE : move(p, wanted);
		if (why == 0) continue;
		/* EIO: nobody holds the terminal any more. EPIPE: nobody reads what it says. */
		if (why != EAGAIN && why != EINTR) stop(p);
		return;
	}
}
