import { command, UsageError } from "../command.ts";
import { ExitCode, passedOnExitCodes } from "../exit-codes.ts";
import { linkFlags, linkRequest } from "../link/link-flags.ts";

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
    ...linkFlags,
  },
  usageExitCode: ExitCode.usage,
  notes: [
    "A line runs in the environment's shell; directory and exported variables last. .help lists the commands of its own.",
    "When stdin is not a terminal it runs the lines it is given and exits with the last exit code.",
  ],
  examples: [
    "codex-env connect",
    "codex-env connect box",
    "codex-env connect ws://127.0.0.1:8765",
    "printf 'cd /usr\\npwd\\n' | codex-env connect box",
  ],
  exitCodes: passedOnExitCodes(),
  async run({ args }) {
    const { server } = args;
    if (server !== undefined && (args.url ?? args.environment) !== undefined) {
      throw new UsageError("where to go is given twice, with a flag and without");
    }
    const isUrl = server !== undefined && (server === "" || server.includes(":"));
    const given = linkRequest(args);
    const { connect } = await import("./connect.ts");
    return await connect({
      ...given,
      environment: given.environment ?? (isUrl ? undefined : server),
      url: given.url ?? (isUrl ? server : undefined),
    });
  },
});
