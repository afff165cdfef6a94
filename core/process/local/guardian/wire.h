/* What the server and its guardian say to each other. The other side of each of these is in ../wire.ts; README.md tells the rules. */
#ifndef WIRE_H
#define WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The guardian's own descriptors, given at exec. */
enum { FD_REQUESTS = 0, FD_EVENTS = 1 };

#define REQUEST_MAGIC 0x47435832u /* "2XCG" in memory: a datagram from another version is refused */

enum { FLAG_PTY = 1 };

/* One datagram per start; the descriptors ride along as SCM_RIGHTS. */
struct request {
	uint32_t magic;
	uint32_t token;
	uint32_t flags;
	uint32_t blob_bytes;
	/* Soft limit of open files for the command; 0 leaves it as it is. */
	uint64_t open_files;
};

/*
 * [blob, control, stdin, stdout, stderr], or [blob, control, slave, master, output] with FLAG_PTY: what the terminal
 * says is moved into the pipe `output`.
 */
enum { REQUEST_FDS = 5 };

/* Head of the blob; NUL-terminated strings follow: cwd, program, argc arguments, envc NAME=VALUE. */
struct blob_head {
	uint32_t argc;
	uint32_t envc;
};

enum event_kind { EV_STARTED = 1, EV_FAILED = 2, EV_EXITED = 3, EV_EMPTY = 4, EV_SHIM_DIED = 5 };
enum stage { STAGE_CWD = 1, STAGE_EXEC = 2, STAGE_STDIO = 3 };

/* Always written whole: 16 bytes are far below PIPE_BUF. */
struct event {
	uint32_t token;
	uint32_t kind;
	int32_t a;
	int32_t b;
};

/* Two bytes on the control pipe: an order, and the signal's number for ORDER_SIGNAL. Its EOF is ORDER_KILL. */
enum { ORDER_SIGNAL = 1, ORDER_KILL = 2 };

void send_event(uint32_t token, enum event_kind kind, int32_t a, int32_t b);

/* Several at once (at most 256): one write, so the server wakes once. */
void send_events(const struct event *events, size_t count);

#endif
