/* Placeholders: what stands empty on the host while a sandbox runs, and is removed with its end. */
#ifndef KEPT_H
#define KEPT_H

#include <stdint.h>

struct kept {
	/* Each holds the shared lock of a placeholder. */
	const int *descriptors;
	uint32_t count;
	/* A memory file: for each its path and its registry entry, NUL-terminated. */
	int names;
};

/* Lets go of them, and removes those that nobody else holds and that are still empty. */
void release_kept(const struct kept *kept);

#endif
