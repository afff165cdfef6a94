/* exchange ONE OTHER: what stands at two paths takes the other's place, over and over, until this is ended. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXCHANGE 2

int main(int count, char **words) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (count != 3) return 2;
  for (int turn = 0;; turn++) {
    if (syscall(SYS_renameat2, AT_FDCWD, words[1], AT_FDCWD, words[2], EXCHANGE) != 0) {
      perror("renameat2");
      return 1;
    }
    if (turn == 0 && write(1, "begun\n", 6) != 6) return 1;
  }
}
