import { command, UsageError } from "../command.ts";
import { ExitCode, exitCodesNote } from "../exit-codes.ts";

export default command({
  name: "codex-env connect",
  summary: "Type commands into an environment and see them run",
  args: {
    server: {
      type: "positional",
      required: false,
      description:
        "An environment by its name, or ws://, wss:// or unix:// (default: the default environment)",
    },
    environment: {
      type: "string",
      alias: "e",
      valueHint: "NAME",
      description: "The same, as exec and cp take it",
    },
    url: { type: "string", valueHint: "URL", description: "The same, as exec and cp take it" },
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
      description: "How long the session may outlive a cut link (3600)",
    },
  },
  usageExitCode: ExitCode.usage,
  notes: [
    "A line runs in the environment's shell; directory and exported variables last. .help lists the commands of its own.",
    "When stdin is not a terminal it runs the lines it is given and exits with the last exit code.",
    exitCodesNote,
  ],
  async run({ args }) {
    const { server } = args;
    if (server !== undefined && (args.url ?? args.environment) !== undefined) {
      throw new UsageError("where to go is given twice, with a flag and without");
    }
    const isUrl = server !== undefined && (server === "" || server.includes(":"));
    const { connect } = await import("./connect.ts");
    return await connect({
      environment: args.environment ?? (isUrl ? undefined : server),
      url: args.url ?? (isUrl ? server : undefined),
      tokenFile: args["token-file"],
      caFile: args["ca-file"],
      resume: args.resume,
      sessionTtl: args["session-ttl"],
    });
  },
});
