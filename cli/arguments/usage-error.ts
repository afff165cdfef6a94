/** Bad usage: the message names the argument and, where there is one, the nearest right spelling. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
