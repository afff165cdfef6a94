import { command } from "../command.ts";

export default command({
  name: "codex-env env edit",
  summary: "Edit environments.toml and check what was written",
  args: {
    name: { type: "positional", required: false, description: "Begin at this environment" },
    extras: { type: "boolean", description: "Edit codex-env.toml, what only codex-env knows" },
  },
  notes: [
    "Opens VISUAL or EDITOR (vi) on a copy. The file is replaced once the copy is right and you are done; a copy that is wrong is kept, and where it is wrong is told.",
  ],
  async run({ args }) {
    const { editFile } = await import("./edit-file.ts");
    return await editFile({ name: args.name, extras: args.extras });
  },
});
