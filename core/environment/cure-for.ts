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
    /Could not resolve hostname|Name or service not known|its name is not known/i,
    "look for a slip in its name, or use its address",
  ],
  [/Connection refused|nothing listens there/i, "start the server there, or look for a slip in the address"],
  [
    /it said: .*(password|passphrase)/i,
    "nobody can be asked for it here: ssh needs a key that works without a question",
  ],
  [
    /initialize: no answer within/i,
    "look whether it is an exec-server; initialize_timeout_sec in environments.toml gives it more time",
  ],
  [
    /Connection timed out|No route to host|no answer within/i,
    "look whether it is on, and the way to it is free",
  ],
  [
    /exit code 127|command not found|executable file not found/i,
    "codex-env is not there: put it there with codex-env env update $NAME",
  ],
  [/Cannot connect to the Docker daemon/i, "start Docker, or say with DOCKER_HOST where it is"],
  [
    /No such container|not running|on running containers|pods? ".*" not found/i,
    "start the container, or look for a slip in its name",
  ],
  [/\b401\b|\b403\b/, "give the right token: see token_file in codex-env.toml"],
  [/certificate/i, "name the authority of its certificate: see ca_file in codex-env.toml"],
  [/does not speak TLS/, "write ws:// if it is meant to go without"],
  [/the answer is not HTTP|HTTP status 404/, "something else listens there: look at the port and the path"],
  [/there is no such socket/, "start the server there, or look for a slip in the path"],
  [/cannot start \S+ in .*No such file/i, "its directory is not there: make it, or look at its cwd"],
  [/cannot start .*No such file/i, "install the program here, or write its whole path"],
  [
    /sends back what it is sent/,
    "name a program that speaks as an exec-server, such as codex-env serve --listen stdio, and give it no terminal",
  ],
  [/ended with exit code \d+$/, "run it by hand and see what it says"],
];

/** What helps against a problem that is met often; `name` is that of the environment which has it, once there is one. */
export function cureFor(problem: string, name?: string): string | undefined {
  const cure = cures.find(([pattern]) => pattern.test(problem))?.[1];
  return name === undefined
    ? cure?.replace(" with codex-env env update $NAME", "")
    : cure?.replace("$NAME", () => name);
}
