/* The processes that descend from this one. */
#ifndef TREE_H
#define TREE_H

#include <sys/types.h>

/* Which descendants to leave alone (with everything below them); NULL: none. */
typedef int (*spared_fn)(pid_t pid);

/*
 * Sends `signal` to every living descendant, or with `group` > 0 only to those of that process group.
 * Returns how many were found. A process that merely has a pid that one of them had before is never hit.
 */
int signal_descendants(int signal, pid_t group, spared_fn spared);

/* Signals a living process only if it is our direct child. */
void signal_child(pid_t pid, int signal);

/* Signals the process group of a leader, which may have been reaped: -1 when this kernel cannot do it exactly. */
int signal_group(int leader_pidfd, int signal);

#endif
