import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { systemReason } from "../../host/system-reason.ts";
import type { ConfigText } from "../config/parse-config.ts";
import { readConfigFile } from "../config/read-config-file.ts";
import type { EnvironmentSnapshot } from "../definition.ts";
import { environmentsFileName, extrasFileName, snapshotFromTexts } from "../provider/snapshot-from-files.ts";
import { addEntry, addExtras } from "./add-entry.ts";
import { changeDialArgs, changeEntryArgs } from "./change-args.ts";
import { type IntendedChange, isIntended, parseDocuments } from "./edit-check.ts";
import type { EntryToAdd, Members } from "./entry-to-add.ts";
import { FileBusyError, FileReplacement } from "./file-replacement.ts";
import { removeEntry, removeExtras } from "./remove-entry.ts";
import { setDefault } from "./set-default.ts";
import { snapshotToMend } from "./snapshot-to-mend.ts";
import { UnknownEntryError } from "./unknown-entry-error.ts";

/** What was asked cannot be done to the files. */
class ConfigEditError extends Error {
  override readonly name = "ConfigEditError";
}

interface Texts {
  readonly environments: string;
  readonly extras: string;
}

/** What an edit did: what the files said before and say now. */
export interface EditOutcome {
  readonly before: EnvironmentSnapshot;
  readonly after: EnvironmentSnapshot;
}

/**
 * Edits the files of a CODEX_HOME. Everything that is not meant stays as it is written, and nothing is written unless
 * the outcome, parsed again, says just what was meant. Throws EnvironmentConfigError,
 * {@link UnknownEntryError} or {@link ConfigEditError}.
 */
export class ConfigEditor {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** One of the files as it is, which may be wrong; empty where it is not there. */
  read(which: keyof Texts): ConfigText {
    const path = join(this.#directory, which === "environments" ? environmentsFileName : extrasFileName);
    return readConfigFile(path) ?? { path, text: "" };
  }

  /** Puts a text in the place of a file that was read before, if it is right and nobody else has changed the file. */
  async replace(original: ConfigText, text: string): Promise<void> {
    using file = await beginIn(this.#directory, original.path);
    const texts = { environments: this.read("environments"), extras: this.read("extras") };
    const which = texts.environments.path === original.path ? "environments" : "extras";
    if (texts[which].text !== original.text) {
      throw new ConfigEditError(`${original.path} was changed by somebody else meanwhile`);
    }
    const changed = { ...texts, [which]: { path: original.path, text } };
    snapshotFromTexts(changed, this.#directory);
    file.commit(text);
  }

  /** Throws where an environment has this id, before anything is done for one to be added. */
  refuseKnown(id: string): void {
    const texts = { environments: this.read("environments"), extras: this.read("extras") };
    refuseKnown(snapshotFromTexts(texts, this.#directory), id);
  }

  /** Adds an environment, and makes it the default where that is asked for. */
  async add(entry: EntryToAdd, options: { readonly makeDefault: boolean }): Promise<EditOutcome> {
    return await this.#edit(({ environments, extras }, before) => {
      refuseKnown(before, entry.id);
      const added = addEntry(environments, entry);
      return {
        environments: options.makeDefault ? setDefault(added, entry.id) : added,
        // What an earlier environment of this name left behind is not about this one.
        extras: addExtras(removeExtras(extras, entry.id), entry),
        change: {
          entries: (entries) => [...entries, { id: entry.id, ...defined(entry.members) }],
          extrasOf: entry.id,
          ...(options.makeDefault ? { defaultId: entry.id } : {}),
        },
      };
    });
  }

  async remove(id: string): Promise<EditOutcome> {
    return await this.#edit(({ environments, extras }, before) => {
      const index = indexOf(before, id);
      if (before.defaultId === id) {
        throw new ConfigEditError(
          `\`${id}\` is the default: choose another first (codex-env env default NAME)`,
        );
      }
      return {
        environments: removeEntry(environments, index),
        extras: removeExtras(extras, id),
        change: { entries: (entries) => entries.toSpliced(index, 1), extrasOf: id },
      };
    });
  }

  /** Gives the command that reaches an environment other arguments, in whichever file it stands. */
  async changeArgs(id: string, args: readonly string[]): Promise<EditOutcome> {
    return await this.#edit(({ environments, extras }, before) => {
      const index = indexOf(before, id);
      const dialed = changeDialArgs(extras, id, args);
      if (dialed !== undefined) {
        return { environments, extras: dialed, change: { entries: (entries) => entries, extrasOf: id } };
      }
      return {
        environments: changeEntryArgs(environments, index, args),
        extras,
        change: { entries: (entries) => entries.with(index, { ...Object(entries[index]), args: [...args] }) },
      };
    });
  }

  /** `id` may be `local`, and `none` disables environments. What the default was may be wrong. */
  async setDefault(id: string): Promise<EditOutcome> {
    const change = ({ environments, extras }: Texts, before: EnvironmentSnapshot) => {
      const disabled = id.toLowerCase() === "none";
      if (!disabled && !(id === "local" && before.includeLocal)) indexOf(before, id);
      return {
        environments: setDefault(environments, id),
        extras,
        change: { entries: (entries: readonly unknown[]) => entries, defaultId: id },
      };
    };
    return await this.#edit(change, snapshotToMend);
  }

  /** `look` says what is there before the change. */
  async #edit(
    change: (texts: Texts, before: EnvironmentSnapshot) => Texts & { readonly change: IntendedChange },
    look: typeof snapshotFromTexts = snapshotFromTexts,
  ): Promise<EditOutcome> {
    const path = join(this.#directory, environmentsFileName);
    using file = await beginIn(this.#directory, path);
    const environments = this.read("environments");
    const extras = this.read("extras");
    const before = look({ environments, extras }, this.#directory);
    const changed = change({ environments: environments.text, extras: extras.text }, before);
    const after = snapshotFromTexts(
      {
        environments: { path, text: changed.environments },
        extras: { path: extras.path, text: changed.extras },
      },
      this.#directory,
    );
    const old = parseDocuments({ environments: environments.text, extras: extras.text });
    if (!isIntended(old, parseDocuments(changed), changed.change)) {
      throw new ConfigEditError(
        `${path} is written in a way that is not edited here: use codex-env env edit`,
      );
    }
    // An entry of codex-env.toml alone does no harm, should we end between the two.
    if (changed.extras !== extras.text) {
      using extrasReplacement = await FileReplacement.begin(extras.path);
      extrasReplacement.commit(changed.extras);
    }
    file.commit(changed.environments);
    return { before, after };
  }
}

/** Begins to replace a file of a directory, which is made where it is not there. */
async function beginIn(directory: string, path: string): Promise<FileReplacement> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return await FileReplacement.begin(path);
  } catch (error) {
    if (error instanceof FileBusyError) throw error;
    throw new ConfigEditError(`${path} cannot be written: ${systemReason(error)}`, { cause: error });
  }
}

function refuseKnown({ definitions }: EnvironmentSnapshot, wanted: string): void {
  if (!definitions.some(({ id }) => id === wanted)) return;
  throw new ConfigEditError(`environment id \`${wanted}\` is there already`);
}

function indexOf({ definitions, includeLocal }: EnvironmentSnapshot, id: string): number {
  const index = definitions.findIndex((definition) => definition.id === id);
  if (index >= 0) return index;
  if (id === "local" && includeLocal) {
    throw new ConfigEditError("`local` is this machine and no entry of the file (see include_local)");
  }
  const known = definitions.map((definition) => definition.id);
  throw new UnknownEntryError(id, known);
}

/** As the parser reads back what was written. */
function defined(members: Members): object {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Number.isInteger(value) ? BigInt(Number(value)) : value]),
  );
}
