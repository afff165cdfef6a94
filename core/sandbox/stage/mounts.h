/* Whether the mounts of a sandbox are those that it was planned to have. */
#ifndef MOUNTS_H
#define MOUNTS_H

#include "command.h"

/* Ends the start, with a sentence on the launcher's stderr, when anything is mounted elsewhere or otherwise. */
void check_mounts(const struct command *command);

#endif
