import { command } from "../command.ts";
import { ExitCode, exitCodesNote } from "../exit-codes.ts";

export default command({
  name: "codex-env cp",
  summary: "Copy files to and from an environment",
  args: {
    source: {
      type: "positional",
      description: "PATH here, env:PATH in the environment, or NAME:PATH in another",
    },
    destination: { type: "positional", description: "The same" },
    recursive: { type: "boolean", alias: "r", description: "Copy directories with all that is in them" },
    environment: {
      type: "string",
      alias: "e",
      valueHint: "NAME",
      description: "The environment by its name (default: the one of codex-env env default)",
    },
    url: { type: "string", valueHint: "URL", description: "ws://, wss:// or unix://, in place of a name" },
    "token-file": {
      type: "string",
      valueHint: "FILE",
      description: "File that holds the token (or set CODEX_ENV_TOKEN)",
    },
    "ca-file": { type: "string", valueHint: "FILE", description: "PEM of an authority to trust for wss://" },
    resume: { type: "boolean", default: true, description: "Restore a link that was cut" },
  },
  usageExitCode: ExitCode.usage,
  notes: [
    "A file takes its place when it is whole; until then the old one stays. A new file gets the permission bits of a\nfile sent into the environment; files fetched from it get the usual ones. Links to files are copied as files, times\nand owners are not kept. Within one environment it\ncopies by itself; between two the content passes through here, and new files get the usual bits. A name with a colon\nin it is written ./a:b.",
    "Exit code 1: some files could not be copied, each named on stderr.",
    exitCodesNote,
  ],
  async run({ args }) {
    const { cp } = await import("./cp.ts");
    return await cp({
      source: args.source,
      destination: args.destination,
      recursive: args.recursive,
      environment: args.environment,
      url: args.url,
      tokenFile: args["token-file"],
      caFile: args["ca-file"],
      resume: args.resume,
    });
  },
});
