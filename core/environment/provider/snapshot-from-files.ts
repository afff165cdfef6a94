import { join } from "node:path";
import { limits } from "../../limits.ts";
import {
  type EnvironmentEntry,
  type EnvironmentsFile,
  environmentsFile,
} from "../config/environments-file.ts";
import { type EnvironmentExtras, type ExtrasFile, extrasFile } from "../config/extras-file.ts";
import { makeDefinition } from "../config/make-definition.ts";
import { type ConfigText, locating, parseConfig } from "../config/parse-config.ts";
import { readConfigFile } from "../config/read-config-file.ts";
import { validateEnvironments } from "../config/validate-environments.ts";
import { validateExtras } from "../config/validate-extras.ts";
import type { EnvironmentSnapshot } from "../definition.ts";
import { didYouMean } from "../nearest-word.ts";

export const environmentsFileName = "environments.toml";
export const extrasFileName = "codex-env.toml";

/** The two files of a CODEX_HOME as texts. */
export interface ConfigTexts {
  readonly environments: ConfigText;
  readonly extras?: ConfigText | undefined;
}

/** What the files of a CODEX_HOME say; undefined without `environments.toml`. Throws EnvironmentConfigError. */
export function snapshotFromFiles(directory: string): EnvironmentSnapshot | undefined {
  const environments = readConfigFile(join(directory, environmentsFileName));
  if (environments === undefined) return undefined;
  const extras = readConfigFile(join(directory, extrasFileName));
  return snapshotFromTexts({ environments, extras }, directory);
}

/** The same of texts that may not be in the files yet. Throws EnvironmentConfigError. */
export function snapshotFromTexts(texts: ConfigTexts, directory: string): EnvironmentSnapshot {
  const file: EnvironmentsFile = parseConfig(texts.environments, environmentsFile);
  const defaultId = locating(texts.environments, () => validateEnvironments(file));
  const entries = file.environments ?? [];
  const extrasById = readExtras(texts.extras);
  const { extras } = texts;
  if (extras !== undefined) {
    locating(extras, () => {
      for (const entry of entries) validateExtras(extrasById.get(entry.id) ?? {}, entry);
    });
  }
  const ids = entries.map(({ id }) => id);
  return {
    definitions: entries.map((entry) =>
      makeDefinition({ entry, extras: extrasById.get(entry.id) ?? {}, directory }),
    ),
    defaultId,
    includeLocal: file.include_local ?? true,
    source: texts.environments.path,
    warnings: [...exposures(texts, entries, extrasById), ...strangers(extrasById, ids)],
  };
}

function readExtras(source: ConfigText | undefined): ReadonlyMap<string, EnvironmentExtras> {
  if (source === undefined) return new Map();
  const file: ExtrasFile = parseConfig(source, extrasFile);
  return file.environments ?? new Map();
}

/** Secrets that other accounts of this machine can read. */
function exposures(
  { environments, extras }: ConfigTexts,
  entries: readonly EnvironmentEntry[],
  extrasById: ReadonlyMap<string, EnvironmentExtras>,
): string[] {
  const holders = [
    environments.exposed && entries.some((entry) => entry.auth_bearer_token) ? environments.path : undefined,
    extras?.exposed && [...extrasById.values()].some(({ headers }) => headers?.size)
      ? extras.path
      : undefined,
  ];
  return holders
    .filter((path) => path !== undefined)
    .map((path) => `${path} holds a secret and can be read by others: chmod 600 it`);
}

/** Left behind by a removal that codex-env did not see: harmless, but perhaps a slip. */
function strangers(extras: ReadonlyMap<string, unknown>, ids: readonly string[]): string[] {
  const known = new Set(ids);
  const found = [...extras.keys()].filter((id) => !known.has(id)).slice(0, limits.environmentWarnings);
  return found.map(
    (id) =>
      `${extrasFileName} speaks of \`${id}\`, which ${environmentsFileName} does not have${didYouMean(id, ids)}`,
  );
}
