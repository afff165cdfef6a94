import { redactUrl } from "../../../core/environment/redact-urls.ts";
import { listEnvironments } from "../../link/list-environments.ts";
import type { Reach } from "../../link/open-link.ts";
import { jsonLine } from "../../terminal/json-line.ts";
import { renderTable } from "../../terminal/table.ts";
import type { DotCommand } from "../dot-command.ts";

/** Lists the environments that `.use` knows, and how the REPL stands to them. */
export const envsCommand: DotCommand = {
  name: ".envs",
  usage: "[--json]",
  summary: "list the environments; * is where lines run",
  json: true,
  words: { min: 0, max: 0 },
  async run({ repl, json }) {
    const configured = listEnvironments(process.env);
    const others = repl.places.filter(({ name }) => configured.every((one) => one.name !== name));
    const list = [
      ...others.map(({ name, reach }) => ({ name, isDefault: false, where: whereIs(reach) })),
      ...configured,
    ].map(({ name, isDefault, where }) => {
      const place = repl.places.find((candidate) => candidate.name === name);
      const link = place?.client.state.kind ?? "unused";
      return { environment: name, default: isDefault, current: place === repl.place, link, where };
    });
    if (json) await repl.screen.result(jsonLine(list));
    else {
      const rows = list.map((one) => [one.current ? "*" : " ", one.environment, one.link, one.where]);
      await repl.screen.result(renderTable(rows));
    }
    return 0;
  },
};

/** One that the configuration has no more, or never had. */
function whereIs(reach: Reach): string {
  return reach.kind === "url" ? redactUrl(reach.url) : "no longer configured";
}
