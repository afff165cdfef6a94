import { ConfigEditor } from "../../core/environment/edit/config-editor.ts";
import { codexHome } from "../../core/environment/provider/codex-home.ts";
import { loadSnapshot } from "../../core/environment/provider/load-snapshot.ts";
import { command } from "../command.ts";
import { jsonLine } from "../terminal/json-line.ts";
import { printResult } from "../terminal/print.ts";
import { sayThatTheFileWins } from "./the-file-wins.ts";
import { editing } from "./unknown-environment.ts";
import { warn } from "./warn.ts";

export default command({
  name: "codex-env env default",
  summary: "Show or choose the default environment",
  args: {
    name: {
      type: "positional",
      required: false,
      description: "The environment to choose, local for this machine, none to have none",
    },
    json: { type: "boolean", description: "Print JSON" },
  },
  async run({ args }) {
    if (args.name !== undefined) {
      const { after } = await editing(new ConfigEditor(codexHome(process.env)).setDefault(args.name));
      await sayThatTheFileWins(process.env);
      if (args.json) await printResult(jsonLine({ default: after.defaultId }));
      return 0;
    }
    const { defaultId, source, warnings } = loadSnapshot(process.env);
    await warn(warnings);
    const text = args.json ? jsonLine({ default: defaultId, source }) : `${defaultId ?? "none"}\n`;
    await printResult(text);
    return 0;
  },
});
