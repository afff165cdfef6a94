import { command } from "../command.ts";
import { ExitCode, passedOnExitCodes } from "../exit-codes.ts";
import { linkFlags } from "../link/link-flags.ts";

export default command({
  name: "codex-env attach",
  summary: "Go back to a process that was left running",
  args: {
    process: {
      type: "positional",
      required: false,
      description: "Its id, or the beginning of it (default: the only one there is)",
    },
    "token-file": linkFlags["token-file"],
    "ca-file": linkFlags["ca-file"],
  },
  usageExitCode: ExitCode.usage,
  notes: [
    "Output goes on where it stopped. SIGTERM and SIGHUP leave it again, and so does Ctrl-] at a terminal; Ctrl-C goes to it. codex-env status lists what there is; .detach in the REPL of codex-env connect leaves a job.",
  ],
  examples: [
    "printf 'make all &\\n.detach\\n' | codex-env connect ws://127.0.0.1:8765",
    "codex-env status",
    "codex-env attach 3f2a",
  ],
  exitCodes: passedOnExitCodes([
    ExitCode.usage,
    ExitCode.notConnected,
    ExitCode.linkLost,
    ExitCode.exitUnknown,
  ]),
  async run({ args }) {
    const { attach } = await import("./attach.ts");
    return await attach({ process: args.process, tokenFile: args["token-file"], caFile: args["ca-file"] });
  },
});
