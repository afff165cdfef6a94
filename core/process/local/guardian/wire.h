/* What the server and its guardian say to each other. The other side of each of these is in ../wire.ts; README.md tells the rules. */
#ifndef WIRE_H
#define WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The guardian's own descriptors, given at exec. */
enum { FD_REQUESTS = 0, FD_EVENTS = 1 };

#define REQUEST_MAGIC 0x47435833u /* "3XCG" in memory: a datagram from another version is refused */

enum { FLAG_PTY = 1, FLAG_PUMP = 2, FLAG_EXECUTABLE = 4 };

/* One datagram per start; the descriptors ride along as SCM_RIGHTS. */
struct request {
	uint32_t magic;
	uint32_t token;
	uint32_t flags;
	uint32_t blob_bytes;
	/* Soft limit of open files for the command; 0 leaves it as it is. */
	uint64_t open_files;
	/* How many descriptors the command finds at 3 and after. */
	uint32_t inherited;
	/* How many placeholders the shim holds while the tree lives. */
	uint32_t kept;
};

/*
 * [blob, control, stdin, stdout, stderr], or [blob, control, slave, master, output] with FLAG_PTY: what the terminal
 * says is moved into the pipe `output`. Then, where there are any: [master, output] with FLAG_PUMP, of a terminal that
 * is handed to the command as an inherited descriptor; the program with FLAG_EXECUTABLE; the inherited ones; those of
 * the placeholders and the file that names them.
 */
enum { FIXED_FDS = 5, MAX_FDS = 253 };

/* Where the command finds the first descriptor that it inherits. */
enum { FIRST_INHERITED = 3 };

/* A request's descriptors, taken apart. */
struct descriptors {
	int blob;
	int control;
	const int *stdio;
	int master; /* -1: there is no terminal to pump */
	int output;
	int executable; /* -1: the program is looked up */
	const int *inherited;
	const int *kept;
	int kept_names;
};

/* Head of the blob; NUL-terminated strings follow: cwd, program, argc arguments, envc NAME=VALUE. */
struct blob_head {
	uint32_t argc;
	uint32_t envc;
};

enum event_kind { EV_STARTED = 1, EV_FAILED = 2, EV_EXITED = 3, EV_EMPTY = 4, EV_SHIM_DIED = 5, EV_MOVED = 6 };
enum stage { STAGE_CWD = 1, STAGE_EXEC = 2, STAGE_STDIO = 3 };

/* Always written whole: 16 bytes are far below PIPE_BUF. */
struct event {
	uint32_t token;
	uint32_t kind;
	int32_t a;
	int32_t b;
};

/*
 * Two bytes on the control pipe: an order, and the signal's number for ORDER_SIGNAL. Its EOF is ORDER_KILL. ORDER_MOVE
 * has what a terminal said moved into its pipe, and EV_MOVED told after it.
 */
enum { ORDER_SIGNAL = 1, ORDER_KILL = 2, ORDER_MOVE = 3 };

void send_event(uint32_t token, enum event_kind kind, int32_t a, int32_t b);

/* Several at once (at most 256): one write, so the server wakes once. */
void send_events(const struct event *events, size_t count);

#endif
