/* Placeholders: what stands empty on the host while a sandbox runs, and is removed with its end. */
#ifndef KEPT_H
#define KEPT_H

#include <stdint.h>

struct kept {
	/* Each holds the shared lock of a placeholder's registry entry, or is only to be held. */
	const int *descriptors;
	uint32_t count;
	/* A memory file: for each its registry entry, empty where there is none, NUL-terminated. */
	int names;
};

/* Lets go of them, and removes those that nobody else holds and that are still empty. */
void release_kept(const struct kept *kept);

#endif
