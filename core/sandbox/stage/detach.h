#ifndef DETACH_H
#define DETACH_H

/*
 * Becomes the program of a descriptor, with no environment, in a mount namespace that learns of no later mount of the
 * host: it would show up inside the sandbox, writable whatever the profile says. An account that may not make one
 * (EPERM) goes without. Returns only when the program could not be run, with errno.
 */
void become_detached(int program, char **argv);

#endif
