/**
 * Stops this program as Ctrl-Z does with any other, and returns once it goes on. That is at once in an orphaned process
 * group: no shell could make it go on there, so the kernel drops this signal. It would not drop SIGSTOP.
 */
export function stopOurselves(): void {
  const listeners = process.listeners("SIGTSTP");
  // Without a listener the signal does what it does by itself.
  for (const listener of listeners) process.off("SIGTSTP", listener);
  process.kill(process.pid, "SIGTSTP");
  for (const listener of listeners) process.on("SIGTSTP", listener);
}
