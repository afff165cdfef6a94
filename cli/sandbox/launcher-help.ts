/** `name`: what the program was called by. */
export function launcherHelp(name: string): string {
  return `Run one command in a sandbox, on this machine (${name})

USAGE ${name} --mode MODE -- CMD [ARGS]
      ${name} --permission-profile JSON [--sandbox-policy-cwd DIR] [--command-cwd DIR] -- CMD [ARGS]

OPTIONS

  --mode MODE                 read-only; or workspace-write: this directory and those for temporary files. No network
  --sandbox-policy-cwd DIR    The workspace: what project_roots and relative patterns of the profile stand for
  --command-cwd DIR           Where the command works; here, unless given
  --permission-profile JSON   The profile, in the words of the exec-server protocol; paths may be plain
  --environment-fd N          Read the command's environment from this descriptor, NUL by NUL, instead of giving it ours
  --inherit-pid-namespace     Accepted; processes outside are never visible

codex-env sandbox is the same as codex-linux-sandbox, the other name of this program. The command has our stdin, stdout and stderr; signals
are passed on, and whatever it leaves running ends with it.

Exit codes of its own (each comes with a sentence on stderr):
  121  bad usage
  124  the sandbox cannot be made, or the command cannot be run in it
  125  the sandbox was killed, and nobody saw how the command ended
Any other code is the command's; death by signal n is 128 + n.
`;
}
