/* Pid 1 of a sandbox that bubblewrap made. */
#ifndef INIT_H
#define INIT_H

_Noreturn void run_init(void);

#endif
