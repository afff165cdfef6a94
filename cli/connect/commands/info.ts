import { uriToPath } from "../../../core/client/remote-path.ts";
import { jsonLine } from "../../terminal/json-line.ts";
import { renderTable } from "../../terminal/table.ts";
import type { DotCommand } from "../dot-command.ts";

/** Shows what the environment says of itself. */
export const infoCommand: DotCommand = {
  name: ".info",
  usage: "[--json]",
  summary: "show the environment",
  json: true,
  words: { min: 0, max: 0 },
  async run({ repl, json }) {
    const { name } = repl.place;
    const { info, sessionId, state, sessionTtlSeconds, resumes } = repl.client;
    const life = resumes ? `kept ${sessionTtlSeconds} s without a link` : "ends with its connection";
    if (json) {
      await repl.screen.result(
        jsonLine({ environment: name, sessionId, link: state.kind, sessionTtlSeconds, ...info }),
      );
      return 0;
    }
    const abilities = Object.entries(info.capabilities).filter(([, has]) => has);
    await repl.screen.result(
      renderTable([
        ["environment", name],
        ["shell", info.untold ? "unknown" : info.shell.path],
        ["system", info.platformOs ?? "unknown"],
        ["home", info.userHomeDir ? uriToPath(info.userHomeDir) : "unknown"],
        ["protocol", info.executorVersion ?? "unknown"],
        ["codex-env", info.codexEnvVersion ?? "no"],
        ["beyond the reference", abilities.map(([name]) => name).join(" ") || "nothing"],
        ["session", `${sessionId} (${state.kind}, ${life})`],
      ]),
    );
    return 0;
  },
};
