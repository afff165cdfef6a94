import { isDeepStrictEqual } from "node:util";
import { parse, type TomlTable } from "smol-toml";

/** The two files as they parse, secrets included. */
export interface Documents {
  readonly environments: TomlTable;
  readonly extras: TomlTable;
}

/** What an edit is meant to change; everything else has to stay. */
export interface IntendedChange {
  /** Entries of environments.toml, in order. */
  entries(before: readonly unknown[]): readonly unknown[];
  /** The environment of which codex-env.toml may say something else. */
  readonly extrasOf?: string;
  /** The new `default`; absent: as it was. */
  readonly defaultId?: string;
}

export function parseDocuments(texts: { readonly environments: string; readonly extras: string }): Documents {
  const options = { integersAsBigInt: true } as const;
  return { environments: parse(texts.environments, options), extras: parse(texts.extras, options) };
}

/** Whether nothing but the intended change lies between two states of the files. */
export function isIntended(before: Documents, after: Documents, change: IntendedChange): boolean {
  const wanted = {
    ...plain(before.environments),
    environments: change.entries(list(before.environments)),
    ...(change.defaultId === undefined ? {} : { default: change.defaultId }),
  };
  const found = { ...plain(after.environments), environments: list(after.environments) };
  return (
    isDeepStrictEqual(plain(found), plain(wanted)) &&
    isDeepStrictEqual(others(after.extras, change.extrasOf), others(before.extras, change.extrasOf))
  );
}

function list({ environments }: TomlTable): readonly unknown[] {
  return Array.isArray(environments) ? environments : [];
}

function others({ environments, ...rest }: TomlTable, id: string | undefined): object {
  const tables = Object.entries(Object(environments)).filter(([name]) => name !== id);
  return { ...rest, environments: Object.fromEntries(tables) };
}

/** Without the difference that the parser's objects have no prototype and written ones have. */
function plain<T extends object>(table: T): T {
  return structuredClone({ ...table });
}
