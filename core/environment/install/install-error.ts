/** codex-env could not be put where it is needed. The message says what was tried, and why it failed. */
export class InstallError extends Error {
  override readonly name = "InstallError";
}
