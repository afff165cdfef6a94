import { command } from "../command.ts";

export default command({
  name: "codex-env env check",
  summary: "Connect to all environments at the same time and tell what is wrong",
  args: {
    name: { type: "positional", required: false, description: "Only this environment" },
    json: { type: "boolean", description: "Print JSON" },
  },
  exitCodes: [
    ["0", "all of them answer"],
    ["1", "something is wrong with one of them"],
    ["2", "bad usage"],
  ],
  async run({ args }) {
    const { checkAll } = await import("./check-all.ts");
    return await checkAll({ name: args.name, json: args.json });
  },
});
