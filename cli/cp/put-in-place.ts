import type { ExecClient } from "../../core/client/connect-client.ts";
import { Errno, osErrorText } from "../../core/host/errno.ts";
import type { ProcessEvent } from "../../core/process/process-backend.ts";
import { RpcError } from "../../core/protocol/rpc-error.ts";

/** The server has no shell to move a file with. */
export class NoShellError extends Error {
  override readonly name = "NoShellError";
}

export interface Placement {
  readonly temporary: string;
  readonly destination: string;
  /** Permission bits of a new file. */
  readonly mode: number;
}

/** The wire has neither rename nor chmod, but nearly every environment has a shell. An old file that has other names or another
 * owner is written into, since a new one could not take its place in all that. */
const script = `
new=$1 old=$2
if [ -d "$old" ]; then echo "$old: is a directory" >&2; exit 1; fi
if [ ! -e "$old" ]; then chmod "$3" "$new" && mv -f "$new" "$old"; exit; fi
if [ ! -f "$old" ]; then cat "$new" >"$old"; code=$?; rm -f "$new"; exit $code; fi
facts=$(stat -c '%h %u %a' "$old" 2>/dev/null || stat -f '%l %u %Lp' "$old") || exit
mode=\${facts##* }
if [ "$facts" = "1 $(id -u) $mode" ]; then chmod "$mode" "$new" && mv -f "$new" "$old"; exit; fi
cat "$new" >"$old"; code=$?; rm -f "$new"; exit $code
`;

/** Moves a file that is whole to its place. Rejects with {@link NoShellError}, or with what the shell says where that fails. */
export async function putInPlace(
  client: ExecClient,
  { temporary, destination, mode }: Placement,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let words = "";
  let code: number | undefined;
  const sink = (event: ProcessEvent): undefined => {
    if (event.kind === "output") words = (words + new TextDecoder().decode(event.bytes)).slice(0, 1_000);
    if (event.kind === "exited" && event.status.kind === "exited") code = event.status.code;
    if (event.kind === "lost") reject(new Error(event.reason));
    if (event.kind !== "closed") return;
    if (code === 0) resolve();
    else reject(new Error(words.trim() || "the file could not be moved to its place"));
  };
  const started = Promise.resolve(
    client.processes.start(
      {
        argv: ["/bin/sh", "-c", script, "put", temporary, destination, mode.toString(8)],
        cwd: "file:///",
        inherit: "all",
        env: { LC_ALL: "C" },
        stdio: { kind: "pipes", stdin: false },
      },
      sink,
    ),
  );
  await started.catch((error: unknown) => {
    const isMissing = error instanceof RpcError && error.message.includes(osErrorText(Errno.ENOENT));
    throw isMissing ? new NoShellError("there is no /bin/sh", { cause: error }) : error;
  });
  await promise;
}
