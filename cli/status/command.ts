import { command } from "../command.ts";

export default command({
  name: "codex-env status",
  summary: "List the environments, and your sessions and processes in them",
  args: { json: { type: "boolean", description: "Print JSON" } },
  notes: [
    "It lists what codex-env itself has opened for you, and connects to nothing: a process that was left may have ended since. codex-env attach goes back to it.",
  ],
  async run({ args }) {
    const { status } = await import("./status.ts");
    return await status(args.json);
  },
});
