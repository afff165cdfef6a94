import { CapabilityDisabledError } from "../../core/environment/environment-errors.ts";
import type { Destination } from "./choose-destination.ts";

/** What a command does in an environment. */
export type Use = "commands" | "files";

/** Throws {@link CapabilityDisabledError} where the configuration keeps the environment from being used for that. */
export function requireCapabilities({ name, capabilities }: Destination, uses: readonly Use[]): void {
  if (capabilities === undefined) return;
  const { execEnabled, filesystemEnabled } = capabilities;
  const refused = uses.find((use) => !(use === "commands" ? execEnabled : filesystemEnabled));
  if (refused === undefined) return;
  throw new CapabilityDisabledError(`environment \`${name}\` may not be used for ${refused}`);
}
