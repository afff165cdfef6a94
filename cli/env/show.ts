import { loadSnapshot } from "../../core/environment/provider/load-snapshot.ts";
import { command, UsageError } from "../command.ts";
import { jsonLine } from "../terminal/json-line.ts";
import { printResult } from "../terminal/print.ts";
import { renderTable } from "../terminal/table.ts";
import { describeAll, type EnvironmentDescription } from "./describe-environment.ts";
import { unknownEnvironment } from "./unknown-environment.ts";
import { warn } from "./warn.ts";

export default command({
  name: "codex-env env show",
  summary: "Show one environment in full",
  args: {
    name: { type: "positional", required: false, description: "The environment (default: the default one)" },
    json: { type: "boolean", description: "Print JSON" },
  },
  notes: ["Tokens, headers and the values of variables are shown as [redacted]."],
  async run({ args }) {
    const snapshot = loadSnapshot(process.env);
    await warn(snapshot.warnings);
    const all = describeAll(snapshot);
    const wanted = args.name ?? snapshot.defaultId;
    if (wanted === null) throw new UsageError("environments are disabled, so NAME is needed");
    const found = all.find(({ id }) => id === wanted);
    if (found === undefined) {
      const known = all.map(({ id }) => id);
      throw unknownEnvironment(wanted, known);
    }
    const shown = { ...found, source: snapshot.source };
    await printResult(args.json ? jsonLine(shown) : renderTable(rowsOf(shown)));
    return 0;
  },
});

function rowsOf(description: EnvironmentDescription & { readonly source: string }): string[][] {
  return Object.entries(description).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
}
