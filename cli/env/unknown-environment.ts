import { UnknownEntryError } from "../../core/environment/edit/unknown-entry-error.ts";
import { suggestion } from "../arguments/nearest.ts";
import { UsageError } from "../command.ts";

/** An id that none of the environments has: a slip of whoever typed it, wherever it is found out. */
export function unknownEnvironment(id: string, known: readonly string[]): UsageError {
  return new UsageError(`unknown environment id ${JSON.stringify(id)}${suggestion(id, known)}`);
}

/** An edit of the files, whose refusal of an unknown id is one of the usage. */
export async function editing<T>(edit: Promise<T>): Promise<T> {
  try {
    return await edit;
  } catch (error) {
    throw error instanceof UnknownEntryError ? unknownEnvironment(error.id, error.known) : error;
  }
}
