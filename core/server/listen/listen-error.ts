/** The server cannot start; the message is told to the person as `Error: MESSAGE` and the exit code is 1. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}
