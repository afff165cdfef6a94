import type { EnvironmentDefinition } from "../../core/environment/definition.ts";
import { ConfigEditor } from "../../core/environment/edit/config-editor.ts";
import { labelOf } from "../../core/environment/label-of.ts";
import { codexHome } from "../../core/environment/provider/codex-home.ts";
import { loadSnapshot } from "../../core/environment/provider/load-snapshot.ts";
import { UsageError } from "../command.ts";
import { jsonLine } from "../terminal/json-line.ts";
import { printResult } from "../terminal/print.ts";
import { type PlacedServer, placeServer } from "./place-server.ts";
import { unknownEnvironment } from "./unknown-environment.ts";

/** Puts codex-env where the environment runs, and its path there into the entry. Resolves to the exit code. */
export async function updateEnvironment(asked: {
  readonly name: string;
  readonly binary: string | undefined;
  readonly json: boolean;
}): Promise<number> {
  const { definitions } = loadSnapshot(process.env);
  const definition = definitions.find(({ id }) => id === asked.name);
  if (definition === undefined) {
    const known = definitions.map(({ id }) => id);
    throw unknownEnvironment(asked.name, known);
  }
  const placed = await updateServer(definition, asked.binary);
  if (placed === undefined) {
    throw new UsageError(`${asked.name} starts no codex-env elsewhere: ${whatItIs(definition)}`);
  }
  const { binary, how } = placed;
  const line = `${asked.name}  ${binary}  ${how}\n`;
  await printResult(asked.json ? jsonLine({ id: asked.name, binary, how }) : line);
  return 0;
}

function whatItIs({ transport }: EnvironmentDefinition): string {
  if (transport.kind !== "command") return "it is a URL, and its server is started by somebody else";
  const isServer = / serve --listen stdio( |$)/.test(transport.argv.join(" "));
  return isServer
    ? "its program is the server, and runs on this machine"
    : "its command does not end with codex-env serve --listen stdio";
}

/** The same for whoever needs it: undefined where there is nothing to put anywhere. Rejects with InstallError. */
export async function updateServer(
  definition: EnvironmentDefinition,
  given?: string,
): Promise<PlacedServer | undefined> {
  const { id, transport } = definition;
  if (transport.kind !== "command") return undefined;
  const { argv, cwd } = transport;
  const env = Object.fromEntries([...transport.env].map(([name, value]) => [name, value.reveal()]));
  const placed = await placeServer({ label: labelOf(definition), argv, env, cwd, given });
  if (placed === undefined || placed.argv.join("\0") === argv.join("\0")) return placed;
  await new ConfigEditor(codexHome(process.env)).changeArgs(id, placed.argv.slice(1));
  return placed;
}
