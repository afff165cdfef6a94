import type { Signature } from "../signature.ts";
import { filesystemDifferences } from "./filesystem.ts";
import { linkDifferences } from "./link.ts";
import { processDifferences } from "./process.ts";
import { sandboxDifferences } from "./sandbox.ts";
import { serverDifferences } from "./server.ts";

/**
 * Every place where our server answers otherwise than the reference, with the reason. The conformance run fails
 * on a difference that is not here, and on a line here that no longer differs.
 */
export const signedDifferences: readonly Signature[] = [
  ...linkDifferences,
  ...serverDifferences,
  ...processDifferences,
  ...filesystemDifferences,
  ...sandboxDifferences,
];
