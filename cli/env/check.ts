import { command } from "../command.ts";

export default command({
  name: "codex-env env check",
  summary: "Connect to all environments at the same time and tell what is wrong",
  args: {
    name: { type: "positional", required: false, description: "Only this environment" },
    json: { type: "boolean", description: "Print JSON" },
  },
  notes: ["Exits with 1 if something is wrong with one of them."],
  async run({ args }) {
    const { checkAll } = await import("./check-all.ts");
    return await checkAll({ name: args.name, json: args.json });
  },
});
