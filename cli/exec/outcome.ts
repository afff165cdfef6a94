import type { ExitStatus } from "../../core/process/spawned-process.ts";
import { ExitCode } from "../exit-codes.ts";
import { OutputClosedError } from "../terminal/output.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { say } from "./say.ts";

/** What came of watching a command, as far as we can know. */
export type Outcome =
  | { readonly kind: "ended"; readonly status: ExitStatus }
  | { readonly kind: "lost"; readonly reason: string }
  | { readonly kind: "refused"; readonly error: unknown }
  | { readonly kind: "unread"; readonly error: unknown }
  /** The user went away; it goes on. */
  | { readonly kind: "left"; readonly exitCode: number };

/** What a shell reports for a writer whose reader went away: 128 + SIGPIPE. */
const brokenPipe = 141;

/** The exit code to end with, what there is to say being said. */
export function exitCodeOf(outcome: Exclude<Outcome, { kind: "refused" }>): number {
  switch (outcome.kind) {
    case "left":
      return outcome.exitCode;
    case "unread":
      if (outcome.error instanceof OutputClosedError) return brokenPipe;
      say(sanitise(outcome.error instanceof Error ? outcome.error.message : String(outcome.error)));
      return ExitCode.exitUnknown;
    case "lost":
      say(`the link was lost: ${sanitise(outcome.reason)}`);
      return ExitCode.linkLost;
    case "ended":
      if (outcome.status.kind === "exited") return outcome.status.code;
      say(`the command's exit code is not known: ${sanitise(outcome.status.reason)}`);
      return ExitCode.exitUnknown;
  }
}
