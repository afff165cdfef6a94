import { command } from "../command.ts";

export default command({
  name: "codex-env env update",
  summary: "Put the present codex-env where an environment runs",
  args: {
    name: { type: "positional", description: "The environment" },
    binary: {
      type: "string",
      valueHint: "FILE",
      description:
        "The codex-env to put there (default: this one, or the fitting one of its release directory)",
    },
    json: { type: "boolean", description: "Print JSON" },
  },
  notes: [
    "For an entry whose command ends with CODEX-ENV serve --listen stdio, be it by ssh, in a container, or by another program that runs other commands.",
    "An older codex-env there stays for what it runs, and goes when nobody has started it for 30 days. Nothing is sent where the same one, or one as new on the PATH, is there already.",
  ],
  async run({ args }) {
    const { updateEnvironment } = await import("./update-environment.ts");
    return await updateEnvironment(args);
  },
});
