import { command, UsageError } from "../command.ts";
import { ExitCode, exitCodesNote } from "../exit-codes.ts";

export default command({
  name: "codex-env connect",
  summary: "Type commands into an environment and see them run",
  args: {
    server: {
      type: "positional",
      required: false,
      description: "ws://, wss:// or unix:// (default: CODEX_EXEC_SERVER_URL, else this machine)",
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
      default: "3600",
      description: "How long the session may outlive a cut link",
    },
  },
  usageExitCode: ExitCode.usage,
  notes: [
    "A line runs in the environment's shell; directory and exported variables last. .help lists the commands of its own.",
    "When stdin is not a terminal it runs the lines it is given and exits with the last exit code.",
    exitCodesNote,
  ],
  async run({ args }) {
    if (args.server !== undefined && args.url !== undefined) {
      throw new UsageError("the URL is given twice, with --url and without");
    }
    const { connect } = await import("./connect.ts");
    return await connect({
      url: args.url ?? args.server,
      tokenFile: args["token-file"],
      caFile: args["ca-file"],
      resume: args.resume,
      sessionTtl: args["session-ttl"],
    });
  },
});
