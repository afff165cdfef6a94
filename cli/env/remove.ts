import { ConfigEditor } from "../../core/environment/edit/config-editor.ts";
import { codexHome } from "../../core/environment/provider/codex-home.ts";
import { command } from "../command.ts";
import { jsonLine } from "../terminal/json-line.ts";
import { printResult } from "../terminal/print.ts";
import { editing } from "./unknown-environment.ts";

export default command({
  name: "codex-env env remove",
  summary: "Remove an environment",
  args: {
    name: { type: "positional", description: "The environment" },
    json: { type: "boolean", description: "Print JSON" },
  },
  notes: ["Its comments go with its entry; everything else in the file stays as it is written."],
  async run({ args }) {
    const { after } = await editing(new ConfigEditor(codexHome(process.env)).remove(args.name));
    const left = after.definitions.map(({ id }) => id);
    if (args.json) await printResult(jsonLine({ removed: args.name, left }));
    return 0;
  },
});
