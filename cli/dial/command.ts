import { command, UsageError } from "../command.ts";
import { linkFlags } from "../link/link-flags.ts";

export default command({
  name: "codex-env dial",
  summary: "Bridge stdin and stdout to an environment, whatever cuts the link",
  args: {
    environment: {
      type: "positional",
      required: false,
      description:
        "An environment by its name, or ws://, wss:// or unix:// (default: the default environment)",
    },
    "token-file": linkFlags["token-file"],
    "ca-file": linkFlags["ca-file"],
    "session-ttl": linkFlags["session-ttl"],
  },
  notes: [
    "For a program that starts a command and speaks the exec-server's protocol with it, one JSON message a line.",
    'In environments.toml: program = "codex-env", args = ["dial", "NAME"].',
    "A link that is cut is restored and the session resumed; no output is lost and none comes twice. A request whose effect is then unknown is answered with an error that says so, and is never repeated.",
    "What programs on the way print beside their messages, and what becomes of the link, is told on stderr.",
  ],
  examples: ["codex-env dial box", "codex-env dial wss://box.example:8765 --token-file token.txt"],
  async run({ args }) {
    const { environment } = args;
    if (environment === "") throw new UsageError("the name of the environment is empty");
    const isUrl = environment?.includes(":") === true;
    const { dialStdio } = await import("./dial-stdio.ts");
    await dialStdio({
      environment: isUrl ? undefined : environment,
      url: isUrl ? environment : undefined,
      tokenFile: args["token-file"],
      caFile: args["ca-file"],
      sessionTtl: args["session-ttl"],
    });
    return 0;
  },
});
