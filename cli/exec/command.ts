import { command } from "../command.ts";
import { ExitCode, exitCodesNote } from "../exit-codes.ts";

export default command({
  name: "codex-env exec",
  summary: "Run one command in an environment",
  args: {
    environment: {
      type: "string",
      alias: "e",
      valueHint: "NAME",
      description: "The environment by its name (default: the one of codex-env env default)",
    },
    url: { type: "string", valueHint: "URL", description: "ws://, wss:// or unix://, in place of a name" },
    cwd: { type: "string", valueHint: "DIR", description: "Directory to run in" },
    tty: {
      type: "boolean",
      negatable: true,
      description: "Give the command a terminal (default: when we have one)",
    },
    env: {
      type: "string",
      valueHint: "NAME=VALUE",
      repeat: true,
      description: "Set a variable for the command",
    },
    "token-file": {
      type: "string",
      valueHint: "FILE",
      description: "File that holds the token (or set CODEX_ENV_TOKEN)",
    },
    "ca-file": { type: "string", valueHint: "FILE", description: "PEM of an authority to trust for wss://" },
    resume: { type: "boolean", default: true, description: "Restore a link that was cut" },
    "session-ttl": {
      type: "string",
      valueHint: "SECONDS",
      description: "How long the command may outlive a cut link (600)",
    },
  },
  rest: { name: "CMD [ARGS]", required: true },
  usageExitCode: ExitCode.usage,
  notes: [
    "stdin is passed on to its end, stdout and stderr stay apart, signals are forwarded.",
    "Without environments.toml it goes where CODEX_EXEC_SERVER_URL says, else it runs on this machine, in a server that\nends with it.",
    exitCodesNote,
  ],
  async run({ args, rest }) {
    const { execute } = await import("./execute.ts");
    return await execute({
      environment: args.environment,
      url: args.url,
      tokenFile: args["token-file"],
      caFile: args["ca-file"],
      cwd: args.cwd,
      tty: args.tty,
      variables: args.env,
      resume: args.resume,
      sessionTtl: args["session-ttl"],
      argv: rest,
    });
  },
});
