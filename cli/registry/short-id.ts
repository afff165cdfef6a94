/** The beginning of a process's id, which is enough to tell it from the user's other processes. */
export function shortId(processId: string): string {
  return processId.slice(0, 8);
}
