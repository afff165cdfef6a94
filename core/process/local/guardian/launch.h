/* Turning a request into a running command. */
#ifndef LAUNCH_H
#define LAUNCH_H

#include "wire.h"

struct launched {
	pid_t pid; /* 0: the start failed */
	int pidfd; /* -1: this kernel has none */
	int error;
	enum stage stage;
};

struct launched launch(const struct request *request, const struct descriptors *fds);

#endif
