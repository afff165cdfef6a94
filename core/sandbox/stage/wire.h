/* What the server and the stage say to each other. The other side is ../launch; README.md tells the rules. */
#ifndef WIRE_H
#define WIRE_H

#include <stddef.h>
#include <stdint.h>

#define BLOB_MAGIC 0x47535831u /* "1XSG" in memory: a blob from another version is refused */

/* Descriptors at the start, in both modes. */
enum { FD_BLOB = 3, FD_STATUS = 4 };

/*
 * As init: the order pipe, the stage's own program, stdio (three times the terminal with BLOB_TERMINAL), what the
 * command inherits, and its program with BLOB_EXECUTABLE. Becoming the command: the last two, stdio being 0, 1, 2.
 */
enum { FD_ORDERS = 5, FD_PROGRAM = 6, FD_STDIO = 7, INIT_FIRST_INHERITED = 10, BECOME_FIRST_INHERITED = 5 };

/* Where the command finds the first descriptor that it inherits. */
enum { FIRST_INHERITED = 3 };

enum { BLOB_TERMINAL = 1, BLOB_EXECUTABLE = 2, BLOB_DROP_CAPABILITIES = 4, BLOB_LANDLOCK = 8 };

/*
 * Head of the blob. Then: the filter; one u64 of access per Landlock rule; NUL-terminated strings: the rules' paths,
 * cwd, program, argc arguments, envc NAME=VALUE, and four for each mount of the sandbox, sorted by the first: its point,
 * its kind as a digit, its root, its file system.
 */
struct blob_head {
	uint32_t magic;
	uint32_t flags;
	uint32_t argc;
	uint32_t envc;
	uint32_t inherited;
	uint32_t rules;
	/* A multiple of 8: struct sock_filter. 0: no filter is ours to load. */
	uint32_t filter_bytes;
	/* For init: what has to be mounted, and what may be. */
	uint32_t mounts;
	uint64_t handled_fs;
	uint64_t handled_net;
	uint64_t scoped;
};

/* Bits of a mount's kind. Required ones have to be there; others may be, as submounts of the host are. */
enum { MOUNT_READ_ONLY = 1, MOUNT_REQUIRED = 2 };

enum status_kind { STATUS_STARTED = 1, STATUS_FAILED = 2, STATUS_EXITED = 3 };

/* What could not be done. From STAGE_CAPABILITIES on it is the sandbox that does not hold, and nothing was run. */
enum stage {
	STAGE_CWD = 1,
	STAGE_EXEC = 2,
	STAGE_STDIO = 3,
	STAGE_CAPABILITIES = 4,
	STAGE_PRIVILEGES = 5,
	STAGE_FILTER = 6,
	STAGE_LANDLOCK = 7,
	STAGE_BLOB = 8,
	STAGE_NAMESPACE = 9,
};

/* Always written whole: 12 bytes are far below PIPE_BUF. */
struct status {
	uint32_t kind;
	int32_t a;
	int32_t b;
};

/* Two bytes: an order, and the signal's number for ORDER_SIGNAL. EOF is ORDER_KILL. */
enum { ORDER_SIGNAL = 1, ORDER_KILL = 2 };

void send_status(enum status_kind kind, int32_t a, int32_t b);

/* Tells of a failed start and ends. */
_Noreturn void give_up(enum stage stage, int error);

#endif
