/* The shim: one small process per command, the parent and reaper of everything the command leaves behind. */
#ifndef SHIM_H
#define SHIM_H

#include "wire.h"

_Noreturn void run_shim(const struct request *request, const struct descriptors *fds);

#endif
