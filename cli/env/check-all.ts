import { uriToPath } from "../../core/client/remote-path.ts";
import { checkEnvironment, type EnvironmentHealth } from "../../core/environment/check-environment.ts";
import type { Environment } from "../../core/environment/environment.ts";
import { EnvironmentManager } from "../../core/environment/environment-manager.ts";
import { loadSnapshot } from "../../core/environment/provider/load-snapshot.ts";
import { limits } from "../../core/limits.ts";
import { Semaphore } from "../../core/process/local/semaphore.ts";
import { jsonLine } from "../terminal/json-line.ts";
import { noticeSoon } from "../terminal/notice-soon.ts";
import { printResult } from "../terminal/print.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { renderTable } from "../terminal/table.ts";
import { version } from "../version.ts";
import { unknownEnvironment } from "./unknown-environment.ts";
import { warn } from "./warn.ts";

interface Checked {
  readonly environment: Environment;
  readonly isDefault: boolean;
  readonly health: EnvironmentHealth;
}

/** Connects to all, or to one, and prints how they are. Resolves to the exit code. */
export async function checkAll(asked: {
  readonly name: string | undefined;
  readonly json: boolean;
}): Promise<number> {
  const snapshot = loadSnapshot(process.env);
  await warn(snapshot.warnings);
  const options = {
    clientName: "codex-env env check",
    version,
    variables: process.env,
    cwd: process.cwd(),
  };
  await using manager = new EnvironmentManager(snapshot, options);
  const known = manager.list().map(({ id }) => id);
  if (asked.name !== undefined && !known.includes(asked.name)) throw unknownEnvironment(asked.name, known);
  const chosen = asked.name === undefined ? manager.list() : [manager.get(asked.name)];
  const places = new Semaphore(limits.checksAtOnce);
  const awaited = new Set(chosen.map(({ id }) => id));
  using _notice = noticeSoon(
    () => void warn([`still waiting for ${[...awaited].join(", ")}; Ctrl-C gives up`]),
  );
  const checked = await Promise.all(
    chosen.map(async (environment) => {
      await places.acquire();
      const health = await checkEnvironment(environment);
      places.release();
      awaited.delete(environment.id);
      return { environment, isDefault: environment.id === manager.defaultId, health };
    }),
  );
  await printResult(asked.json ? jsonLine(checked.map(describe)) : render(checked));
  return checked.every(({ health }) => health.kind === "well") ? 0 : 1;
}

function describe({ environment, isDefault, health }: Checked): object {
  const common = {
    id: environment.id,
    default: isDefault,
    where: environment.label,
    well: health.kind === "well",
  };
  if (health.kind === "ill") return { ...common, problem: health.problem, cure: health.cure };
  const { info, connectMs, latencyMs } = health;
  return {
    ...common,
    connectMs: rounded(connectMs),
    latencyMs: rounded(latencyMs),
    codexEnvVersion: info.codexEnvVersion ?? null,
    protocolVersion: info.executorVersion ?? null,
    shell: info.untold ? null : info.shell.path,
    platform: info.platformOs ?? null,
    sandboxMechanism: info.sandboxMechanism ?? null,
    cwd: info.cwd === null || info.cwd === undefined ? null : uriToPath(info.cwd),
  };
}

const headings = ["", "NAME", "CONNECT", "LATENCY", "VERSION", "PLATFORM", "SHELL", "SANDBOX"];

function render(checked: readonly Checked[]): string {
  const well = checked.flatMap(({ environment, isDefault, health }) => {
    if (health.kind === "ill") return [];
    const { info, connectMs, latencyMs } = health;
    return [
      [
        isDefault ? "*" : " ",
        environment.id,
        `${rounded(connectMs)} ms`,
        `${rounded(latencyMs)} ms`,
        versionOf(info),
        info.platformOs ?? "?",
        info.untold ? "?" : info.shell.path,
        info.sandboxMechanism ?? "?",
      ],
    ];
  });
  const table = well.length === 0 ? "" : renderTable([headings, ...well]);
  return table + checked.map(renderIllness).join("");
}

function versionOf(info: {
  readonly codexEnvVersion?: string | null | undefined;
  readonly executorVersion?: string | null | undefined;
}): string {
  if (info.codexEnvVersion) return `codex-env ${info.codexEnvVersion}`;
  return info.executorVersion ? `codex ${info.executorVersion}` : "?";
}

function renderIllness({ environment, isDefault, health }: Checked): string {
  if (health.kind === "well") return "";
  const cure = health.cure === undefined ? "" : `   ${health.cure}\n`;
  return `${isDefault ? "*" : " "}  ${sanitise(environment.id)}: ${sanitise(health.problem)}\n${cure}`;
}

function rounded(ms: number): number {
  return ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms);
}
