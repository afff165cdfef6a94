import type { ExecClient } from "../../core/client/connect-client.ts";
import { pathToUri, uriToPath } from "../../core/client/remote-path.ts";
import { lineShell } from "./wrap-line.ts";

const known = new WeakMap<ExecClient, Promise<string>>();

/**
 * The directory of the environment in which lines leave the shell's state. Whoever writes there sets the variables of the
 * next line, `LD_PRELOAD` for one, so it has to be out of reach of commands in sandboxes of the same account: it is the
 * one directory that no sandbox of our servers sees, whichever server this is. Only a machine without a place for it has
 * the directory of temporary files instead. Asked for once in a session. Rejects as RemoteProcesses.start does.
 */
export async function lineStatePlace(client: ExecClient): Promise<string> {
  let place = known.get(client);
  if (place === undefined) {
    place = ask(client);
    known.set(client, place);
    place.catch(() => known.delete(client));
  }
  return await place;
}

async function ask(client: ExecClient): Promise<string> {
  const { info, processes } = client;
  const over = Promise.withResolvers<void>();
  let answer = "";
  await processes.start(
    {
      argv: [lineShell(info.shell).path, "-c", findStatePlace, "codex-env", "/etc/passwd", "/dev/shm"],
      cwd: pathToUri("/"),
      inherit: "all",
      env: {},
      stdio: { kind: "pipes", stdin: false },
    },
    (event) => {
      if (event.kind === "output" && event.stream === "stdout") answer += Buffer.from(event.bytes).toString();
      if (event.kind === "closed" || event.kind === "lost") over.resolve();
      return undefined;
    },
  );
  await over.promise;
  if (answer.startsWith("/") && answer.endsWith("/lines\0")) return answer.slice(0, -1);
  return info.tempDir === null || info.tempDir === undefined
    ? "/tmp"
    : uriToPath(info.tempDir).replace(/\/+$/, "");
}

/**
 * Prints a directory of this account's alone, and NUL: below the home that the list of accounts has, as
 * core/sandbox/launch/private-directory.ts looks for it, else below the shared memory; below `$HOME` where the system
 * keeps its accounts elsewhere. `$1` is the list of accounts, `$2` the shared memory. What jobs and sessions that
 * were cut have left there goes after the day that a session may live. Written for every shell that runs lines.
 */
export const findStatePlace = `
umask 077
account=$(id -u) || exit 0
own() {
  [ -d "$1" ] && [ ! -L "$1" ] && ls -ldn "$1" | {
    read -r mode links owner rest
    case $mode in drwx------*) [ "$owner" = "$account" ];; *) false;; esac
  }
}
keep() {
  [ -d "$1" ] || return 1
  [ -d "$2" ] || mkdir -p "$2"
  own "$2" || return 1
  [ -d "$2/lines" ] || mkdir "$2/lines"
  own "$2/lines" && (set -C; : >"$2/lines/probe-$$") || return 1
  rm -f "$2/lines/probe-$$"
  find "$2/lines" -type f -mmin +1440 -exec rm -f {} +
  printf '%s/lines\\0' "$2"
}
{
  home=
  while IFS=: read -r name secret number group title directory rest; do
    [ "$number" = "$account" ] || continue
    home=$directory
    break
  done <"$1"
  case $home in /?*) keep "$home" "$home/.local/state/codex-env" && exit 0;; esac
  keep "$2" "$2/codex-env-$account" && exit 0
  case $HOME in /?*) keep "$HOME" "$HOME/.local/state/codex-env";; esac
} 2>/dev/null
exit 0
`;
