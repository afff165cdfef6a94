import { readFileSync } from "node:fs";
import { systemReason } from "../../core/host/system-reason.ts";
import { UsageError } from "../arguments/usage-error.ts";
import { sanitise } from "../terminal/sanitise.ts";

/** The text of a file that a flag names. Throws UsageError with both and why it cannot be read. */
export function readGivenFile(flag: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${flag}: ${sanitise(file)} cannot be read: ${systemReason(error)}`);
  }
}
