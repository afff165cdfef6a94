import { command } from "../command.ts";

export default command({
  name: "codex-env doctor",
  summary: "Tell whether sandboxed work will run on this machine",
  args: {
    json: { type: "boolean", description: "Print the findings as one JSON object" },
  },
  notes: [
    "Tries out what sandboxes and commands stand on, and says for each part that fails what to do about it.",
  ],
  exitCodes: [
    ["0", "sandboxed work will run"],
    ["1", "some or all of it will be refused"],
    ["2", "bad usage"],
  ],
  async run({ args }) {
    const { doctor } = await import("./doctor.ts");
    return await doctor(args.json ?? false);
  },
});
