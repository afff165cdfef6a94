/* Finding what a path names, without ever following a link. */
#ifndef WALK_H
#define WALK_H

#include <sys/types.h>

/* From now on walks may make things in the file system of this descriptor: it is the sandbox's own. */
int own_file_system(int fd);

/* Whether it lies in such a one. */
int is_own(int fd);

/*
 * An O_PATH descriptor of what is at `path` below the directory `root`, on top of whatever is mounted there; or -1. What
 * is missing in a file system of our own is made: directories on the way, and a `last` of that kind (0: none) and mode.
 */
int walk(int root, const char *path, mode_t last);

#endif
