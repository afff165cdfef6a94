import { EnvironmentConfigError } from "../config/config-error.ts";
import type { EnvironmentSnapshot } from "../definition.ts";
import { type ConfigTexts, snapshotFromTexts } from "../provider/snapshot-from-files.ts";
import { setDefault } from "./set-default.ts";

/** What the texts say, be the default wrong: it is about to be another. Throws EnvironmentConfigError for all else. */
export function snapshotToMend(texts: ConfigTexts, directory: string): EnvironmentSnapshot {
  try {
    return snapshotFromTexts(texts, directory);
  } catch (error) {
    if (!(error instanceof EnvironmentConfigError)) throw error;
    const { text } = texts.environments;
    try {
      const environments = { ...texts.environments, text: setDefault(text, "none") };
      return snapshotFromTexts({ ...texts, environments }, directory);
    } catch (other) {
      // The same problem keeps the place that it has in the file as it is.
      const isOther = other instanceof EnvironmentConfigError && other.reference !== error.reference;
      throw isOther ? other : error;
    }
  }
}
