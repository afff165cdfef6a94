/* Whether a sandbox holds, and putting one on. */
#ifndef CONFINEMENT_H
#define CONFINEMENT_H

#include "command.h"

/* For init: bwrap must have taken every capability and privilege, and loaded the filter. Gives up otherwise. */
void check_confinement(void);

/* For becoming the command: everything that the blob asks for, for good. Gives up when a part of it cannot be had. */
void confine(const struct command *command, int executable);

#endif
