import { osErrorText } from "../../host/errno.ts";
import { ListenError } from "./listen-error.ts";

/** What Bun.serve threw, in the words of the OS: `Address in use (os error 98)`. */
export function bindFailure(error: unknown): ListenError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const { constants } = process.getBuiltinModule("node:os");
  const errno = Object.entries(constants.errno).find(([name]) => name === code)?.[1];
  const message = errno === undefined ? String(error) : osErrorText(errno);
  return new ListenError(message, { cause: error });
}
