import type { TomlWritable } from "./toml-text.ts";

/** Members of one entry in the order in which they are written; absent ones are not. */
export type Members = Readonly<Record<string, TomlWritable | undefined>>;

/** An environment to write down: what every client reads, and what only codex-env does. */
export interface EntryToAdd {
  readonly id: string;
  /** Of `[[environments]]`, without the id. */
  readonly members: Members;
  /** Of `[environments.ID]` in codex-env.toml; a table of its own below it for each nested object. */
  readonly extras: Members;
  readonly extraTables: Readonly<Record<string, Members>>;
}
