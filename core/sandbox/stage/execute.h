/* Becoming another program; the guardian of processes does it the same way. */
#ifndef EXECUTE_H
#define EXECUTE_H

/*
 * execvpe of musl, with the PATH of the program's own environment; with a descriptor (not -1) the program of that.
 * Returns only when nothing could be run, with errno.
 */
void execute_program(const char *program, int descriptor, char **argv, char **envp);

#endif
