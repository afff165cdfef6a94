import { layOutHelp } from "../arguments/help-page.ts";

/** `name`: what the program was called by. */
export function launcherHelp(name: string): string {
  return layOutHelp({
    summary: "Run one command in a sandbox, on this machine",
    usage: [`${name} --mode MODE -- CMD [ARGS]`, `${name} --permission-profile JSON [FLAGS] -- CMD [ARGS]`],
    sections: [
      {
        kind: "table",
        title: "Flags",
        rows: [
          [
            "    --mode MODE",
            "read-only; or workspace-write: this directory and those for temporary files. No network",
          ],
          [
            "    --permission-profile JSON",
            "The profile, in the words of the exec-server protocol; paths may be plain",
          ],
          [
            "    --sandbox-policy-cwd DIR",
            "The workspace: what project_roots and relative patterns of the profile stand for",
          ],
          ["    --command-cwd DIR", "Where the command works; here, unless given"],
          [
            "    --environment-fd N",
            "Read the command's environment from this descriptor, NUL by NUL, instead of giving it ours",
          ],
          ["    --inherit-pid-namespace", "Accepted; processes outside are never visible"],
          ["-h, --help", "Show this help"],
        ],
      },
      {
        kind: "text",
        text: "codex-env sandbox is the same as codex-linux-sandbox, the other name of this program. The command has our stdin, stdout and stderr; signals are passed on, and whatever it leaves running ends with it.",
      },
      {
        kind: "lines",
        title: "Examples",
        lines: [`${name} --mode read-only -- make check`, `${name} --mode workspace-write -- make all`],
      },
      {
        kind: "table",
        title: "Exit codes",
        rows: [
          ["121", "bad usage"],
          ["124", "the sandbox cannot be made, or the command cannot be run in it"],
          ["125", "the sandbox was killed, and nobody saw how the command ended"],
          ["other", "the command's own; 128 + n when signal n ended it"],
        ],
      },
    ],
  });
}
