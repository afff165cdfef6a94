/* The kernel's calls for mounts that have no name yet. Numbers and bits are the same on x86-64 and arm64. */
#ifndef KERNEL_MOUNTS_H
#define KERNEL_MOUNTS_H

#include <sys/types.h>

/* A copy of what is at a descriptor, with everything mounted below it; it hangs nowhere yet. -1: it cannot be had. */
int copy_tree(int at);

/* A new and empty file system with a root of this mode, which hangs nowhere yet. */
int new_file_system(mode_t mode);

/* Hangs such a mount over what is at a descriptor, which is of the same kind: a directory, or none. */
int hang(int mount, int at);

enum depth { THIS_MOUNT, WITH_MOUNTS_BELOW };

/*
 * Nothing is written through this mount any more, nor, where the kernel can (Linux 5.12), through what is mounted below
 * it, if that is asked for. `proc` is /proc/self/fd.
 */
int close_mount(int mount, enum depth depth, int proc);

/* The contrary, of this mount alone. Fails where the host does not let it be written to. */
int reopen_mount(int mount, int proc);

#endif
