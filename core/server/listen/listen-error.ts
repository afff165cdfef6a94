/** The server cannot start; the message is told to the person as `Error: MESSAGE` and the exit code is 1. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  /** What to do instead; a line of its own behind the message, which the reference has as well. */
  readonly cure: string | undefined;
  constructor(message: string, options: ErrorOptions & { readonly cure?: string } = {}) {
    super(message, options);
    this.cure = options.cure;
  }
}
