import { ConfigEditor } from "../../core/environment/edit/config-editor.ts";
import { codexHome } from "../../core/environment/provider/codex-home.ts";
import { jsonLine } from "../terminal/json-line.ts";
import { printResult } from "../terminal/print.ts";
import type { AddRequest } from "./add-request.ts";
import { describeAll } from "./describe-environment.ts";
import { entryFromRequest } from "./entry-from-request.ts";
import { secretParameter } from "./secret-in-url.ts";
import { sayThatTheFileWins } from "./the-file-wins.ts";
import { isUnixUrl } from "./unix-socket-entry.ts";
import { warn } from "./warn.ts";

/** Adds an environment to the files and shows it. Resolves to the exit code. */
export async function addEnvironment(request: AddRequest): Promise<number> {
  const editor = new ConfigEditor(codexHome(process.env));
  const asked = entryFromRequest(request);
  editor.refuseKnown(asked.id);
  const { withServer } = await import("./with-server.ts");
  const entry = await withServer(asked, request);
  const { after } = await editor.add(entry, { makeDefault: request.makeDefault });
  await sayThatTheFileWins(process.env);
  if (isUnixUrl(request.url)) {
    await warn([`other clients know no unix:// URLs: they go through codex-env dial ${entry.id}`]);
  }
  const secret = secretParameter(request.url ?? "");
  if (secret !== undefined) {
    await warn([
      `the URL of ${entry.id} holds what looks like a secret (${secret}), and Codex shows URLs to its model: use --token-file where the server allows it`,
    ]);
  }
  const added = describeAll(after).find(({ id }) => id === entry.id);
  if (request.json) await printResult(jsonLine(added));
  else await printResult(`${entry.id}  ${added?.where ?? ""}\n`);
  return 0;
}
