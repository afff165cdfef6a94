import { osErrorText } from "../../host/errno.ts";
import { ListenError } from "./listen-error.ts";

const forbidden = "nothing may listen here, as in a sandbox; serve outside of it, or with --listen stdio";

/**
 * What Bun.serve threw, in the words of the OS: `Address in use (os error 98)`, as the reference says it of an address.
 * The path of a Unix socket, which the reference does not have, is named.
 */
export function bindFailure(error: unknown, listen: string): ListenError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const { constants } = process.getBuiltinModule("node:os");
  const errno = Object.entries(constants.errno).find(([name]) => name === code)?.[1];
  const message = errno === undefined ? String(error) : osErrorText(errno);
  const path = listen.startsWith("unix://") ? `${listen.slice("unix://".length)}: ` : "";
  const cure = errno === constants.errno.EPERM ? { cure: forbidden } : {};
  return new ListenError(`${path}${message}`, { cause: error, ...cure });
}
