import { didYouMean } from "../nearest-word.ts";

/** No entry of the files has this id. */
export class UnknownEntryError extends Error {
  override readonly name = "UnknownEntryError";
  readonly id: string;
  readonly known: readonly string[];

  constructor(id: string, known: readonly string[]) {
    super(`unknown environment id \`${id}\`${didYouMean(id, known)}`);
    this.id = id;
    this.known = known;
  }
}
