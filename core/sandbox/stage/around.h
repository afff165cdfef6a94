/* Around bwrap: a process of the host's that makes the mounts which bwrap, going by names, could be led astray with. */
#ifndef AROUND_H
#define AROUND_H

/*
 * Starts that process and becomes the launcher of descriptor `program`. `plan` says what is to be mounted (mounter.h);
 * the first program inside finds `socket`. Returns when it failed.
 */
void become_surrounded(int program, int plan, int socket, char **argv);

/* For the first program inside: has the mounts made, and ends the start, with a sentence on stderr, when they cannot be. */
void await_mounts(int socket);

#endif
