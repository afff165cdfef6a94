/* Pid 1 of a sandbox that bubblewrap made. */
#ifndef INIT_H
#define INIT_H

/* `socket`: who makes its last mounts, see around.h; -1: nobody. */
_Noreturn void run_init(int socket);

#endif
