const cures: readonly (readonly [problem: RegExp, cure: string])[] = [
  [
    /it gave no answer \(exit code 12[67]\)/,
    "there is no sh there to install with: put codex-env into the image, and name it with --server",
  ],
  [/Host key verification failed/i, "connect once with ssh yourself to accept its host key"],
  [
    /Permission denied \(/i,
    "ssh needs a key that works without a question: ssh-add it, or name it with --identity",
  ],
  [
    /Could not resolve hostname|Name or service not known/i,
    "its name is not known: look for a slip, or use its address",
  ],
  [
    /Connection refused|nothing listens there/i,
    "nothing listens there: start the server, or look at the port",
  ],
  [
    /Connection timed out|No route to host|no answer within/i,
    "it does not answer: is it on, and is the way free?",
  ],
  [
    /exit code 127|command not found|executable file not found/i,
    "codex-env is not there: put it there with codex-env env update NAME",
  ],
  [/Cannot connect to the Docker daemon/i, "start Docker, or say with DOCKER_HOST where it is"],
  [/No such container|not running|pods? ".*" not found/i, "the container is not there, or does not run"],
  [/\b401\b|\b403\b/, "it wants another token: see token_file in codex-env.toml"],
  [/certificate/i, "name the authority of its certificate: see ca_file in codex-env.toml"],
  [/^cannot start .*No such file/i, "the program is not on the PATH here"],
];

/** What helps against a problem that is met often. */
export function cureFor(problem: string): string | undefined {
  return cures.find(([pattern]) => pattern.test(problem))?.[1];
}
