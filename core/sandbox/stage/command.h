/* The blob, read: the command and what it needs of its sandbox. */
#ifndef COMMAND_H
#define COMMAND_H

#include "wire.h"

struct expected_mount {
	const char *point;
	/* As in mountinfo; `*` for any; `#` and the inode of it. */
	const char *root;
	/* Its device, or its type for one of the sandbox's own. */
	const char *system;
	int kind;
	int seen;
};

struct command {
	const struct blob_head *head;
	const void *filter;
	const uint64_t *access;
	/* `head->rules` strings, one after the other. */
	const char *rule_paths;
	const char *cwd;
	const char *program;
	char **argv;
	char **envp;
	/* `head->mounts` of them. */
	struct expected_mount *mounts;
};

/* Reads FD_BLOB. Returns -1 when it is not what wire.h says. Its memory is never given back. */
int read_command(struct command *command);

/* Puts the inherited descriptors at 3, 4, ...; they stand at `first` and after, with no gap. */
int place_inherited(const struct command *command, int first);

/* Everything from this number on is closed by the next exec. */
void close_on_exec_from(int first);

/* Everything from this number on is closed now. */
void close_from(int first);

/* Every signal as a new program expects it. */
void reset_signals(void);

#endif
