import { loadSnapshot } from "../../core/environment/provider/load-snapshot.ts";
import { command } from "../command.ts";
import { jsonLine } from "../terminal/json-line.ts";
import { renderTable } from "../terminal/table.ts";
import { describeAll } from "./describe-environment.ts";
import { warn } from "./warn.ts";

export default command({
  name: "codex-env env list",
  summary: "List the environments, the default first",
  args: { json: { type: "boolean", description: "Print JSON" } },
  notes: ["The default is marked with *. Nothing is connected: codex-env env check does that."],
  async run({ args }) {
    const snapshot = loadSnapshot(process.env);
    const environments = describeAll(snapshot);
    await warn(snapshot.warnings);
    if (args.json) {
      const { defaultId, source, warnings } = snapshot;
      await Bun.write(Bun.stdout, jsonLine({ source, default: defaultId, environments, warnings }));
      return 0;
    }
    if (snapshot.defaultId === null) {
      await warn([`environments are disabled by ${snapshot.source}: each has to be named`]);
    }
    const rows = environments.map(({ id, default: isDefault, where }) => [isDefault ? "*" : " ", id, where]);
    await Bun.write(Bun.stdout, renderTable(rows));
    return 0;
  },
});
