import { type EnvironmentSnapshot, localId } from "../../core/environment/definition.ts";
import { labelOf } from "../../core/environment/label-of.ts";
import { loadSnapshot } from "../../core/environment/provider/load-snapshot.ts";
import { command } from "../command.ts";
import { jsonLine } from "../terminal/json-line.ts";
import { printResult } from "../terminal/print.ts";
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
    await warn(snapshot.warnings);
    if (args.json) {
      const { defaultId, source, warnings } = snapshot;
      const environments = describeAll(snapshot);
      await printResult(jsonLine({ source, default: defaultId, environments, warnings }));
      return 0;
    }
    if (snapshot.defaultId === null) {
      await warn([`environments are disabled by ${snapshot.source}: each has to be named`]);
    }
    await printResult(renderTable(rowsOf(snapshot)));
    return 0;
  },
});

/** Not by way of {@link describeAll}: there may be thousands. */
function rowsOf({ definitions, includeLocal, defaultId }: EnvironmentSnapshot): string[][] {
  const row = (id: string, where: string) => [id === defaultId ? "*" : " ", id, where];
  const local = includeLocal ? [row(localId, "this machine")] : [];
  const rows = [...local, ...definitions.map((definition) => row(definition.id, labelOf(definition)))];
  return [...rows.filter(([mark]) => mark === "*"), ...rows.filter(([mark]) => mark !== "*")];
}
