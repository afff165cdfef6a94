import { command } from "../command.ts";
import { ExitCode, passedOnExitCodes } from "../exit-codes.ts";
import { linkFlags, linkRequest } from "../link/link-flags.ts";

export default command({
  name: "codex-env exec",
  summary: "Run one command in an environment",
  args: {
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
    ...linkFlags,
  },
  rest: { name: "CMD [ARGS]", required: true },
  usageExitCode: ExitCode.usage,
  notes: [
    "stdin is passed on to its end, stdout and stderr stay apart, signals are forwarded.",
    "Without environments.toml it goes where CODEX_EXEC_SERVER_URL says, else it runs on this machine, in a server that ends with it.",
  ],
  examples: [
    "codex-env exec -e box -- make test",
    "codex-env exec --cwd /usr --env WHO=me -- sh -c 'echo $WHO in $PWD'",
    "echo some input | codex-env exec --url ws://127.0.0.1:8765 -- tr a-z A-Z",
  ],
  exitCodes: passedOnExitCodes(),
  async run({ args, rest }) {
    const { execute } = await import("./execute.ts");
    return await execute({
      link: linkRequest(args),
      cwd: args.cwd,
      tty: args.tty,
      variables: args.env,
      argv: rest,
    });
  },
});
