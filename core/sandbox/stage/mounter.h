/* Mounting by descriptors. */
#ifndef MOUNTER_H
#define MOUNTER_H

#include <stddef.h>

/*
 * Makes the mounts of a plan in the mount namespace that we are in: strings, each with its NUL. The first names, below `/`,
 * what shows the host's tree until all of it is copied, or is empty when the root does; in `/` itself it goes then. Then
 * one for each step, its kind, its mode in octal digits where it takes one, a blank, and its path:
 *
 *   r  what is at the path, read-only      w  the same, writable as far as the host's is
 *   t  the host's mount there is to be writable again, if it was (it lies in a `w`)
 *   m  a file that nobody may open         d  an empty file system of its own, of this mode
 *   o  what is at the path lies in a file system of this sandbox's own
 *   p  a directory in such a one           c  the mount there is closed: read-only
 *
 * A path with a link in it is refused, and nothing is ever made but in file systems of this sandbox's own: what is
 * mounted on has to be there. `proc` is /proc/self/fd. Complaints go to `answer`, which stays as it is otherwise.
 */
void mount_planned(int plan, int proc, char *answer, size_t room);

#endif
