import type { Command } from "../command.ts";

const command: Command = {
  summary: "Run one command in a sandbox, on this machine",
  async execute(words) {
    const { launch } = await import("./launch.ts");
    return await launch("codex-env sandbox", words);
  },
};

export default command;
