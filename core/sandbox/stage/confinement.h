/* Whether a sandbox holds, and putting one on. */
#ifndef CONFINEMENT_H
#define CONFINEMENT_H

#include "command.h"

/* For init: bwrap must have taken every capability and privilege, and loaded the filter. Gives up otherwise. */
void check_confinement(void);

/*
 * For init: what is written to has to lie where the blob says. Only a FIFO, a socket or a device asks for that beyond the
 * mounts, which keep nobody from writing to one on a read-only file system. `last` is the last of the command's
 * descriptors. Nothing happens where the kernel has no Landlock, or one that keeps files from being moved.
 */
void restrict_writing(const struct command *command, int last);

/* For becoming the command: everything that the blob asks for, for good. Gives up when a part of it cannot be had. */
void confine(const struct command *command, int executable);

#endif
