import { command } from "../command.ts";
import { ExitCode, exitCodeRows } from "../exit-codes.ts";
import { linkFlags, linkRequest } from "../link/link-flags.ts";

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
    ...linkFlags,
  },
  usageExitCode: ExitCode.usage,
  notes: [
    "A file takes its place when it is whole; until then the old one stays; where no command may or can run, which has to move it there, it is written in its place at once, without permission bits. A new file gets the permission bits of a file sent into the environment; files fetched from it get the usual ones. Links to files are copied as files, times and owners are not kept.",
    "Within one environment it copies by itself; between two the content passes through here, and new files get the usual permission bits. A file here with a colon in its name is written ./a:b.",
  ],
  examples: [
    "codex-env cp report.txt env:/tmp/report.txt",
    "codex-env cp -e box -r env:/var/log/app ./logs",
    "codex-env cp box:/etc/hosts other:/tmp/hosts",
  ],
  exitCodes: [
    ["1", "some files could not be copied, each named on stderr"],
    ...exitCodeRows([ExitCode.usage, ExitCode.notConnected, ExitCode.linkLost]),
    ["128 + n", "signal n ended it"],
  ],
  async run({ args }) {
    const { cp } = await import("./cp.ts");
    return await cp({
      source: args.source,
      destination: args.destination,
      recursive: args.recursive,
      link: linkRequest(args),
    });
  },
});
