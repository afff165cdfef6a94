import { parseTarget, type Target, TargetError } from "../../core/client/target.ts";
import { EnvironmentsDisabledError } from "../../core/environment/environment-errors.ts";
import type { TlsChoice } from "../../core/transport/ws-client-dial.ts";
import { UsageError } from "../command.ts";
import { readToken } from "./read-token.ts";

/** The variable that says where to go without environments.toml. */
export const urlVariable = "CODEX_EXEC_SERVER_URL";

export interface TargetChoice {
  /** `--url` or the argument, if given. */
  readonly url: string | undefined;
  readonly tokenFile: string | undefined;
  /** PEM file of `--ca-file`. */
  readonly tls?: TlsChoice;
}

/**
 * The server that is meant: the URL given, else CODEX_EXEC_SERVER_URL, else one that we start ourselves (`local`).
 * Throws UsageError, and {@link EnvironmentsDisabledError} where the variable says `none`.
 */
export function chooseTarget(
  choice: TargetChoice,
  environment: Readonly<Record<string, string | undefined>>,
): Target | "local" {
  const url = choice.url ?? environment[urlVariable]?.trim() ?? "";
  if (url === "" && choice.url !== undefined) throw new UsageError("the URL is empty");
  if (url === "") return "local";
  if (choice.url === undefined && url.toLowerCase() === "none") {
    throw new EnvironmentsDisabledError(`${urlVariable} is "none", which disables environments; give a URL`);
  }
  try {
    const target = parseTarget(url, readToken(choice.tokenFile, environment));
    return target.kind === "websocket" && choice.tls !== undefined ? { ...target, tls: choice.tls } : target;
  } catch (error) {
    const source = choice.url === undefined ? `${urlVariable}: ` : "";
    if (error instanceof TargetError) throw new UsageError(source + error.message);
    throw error;
  }
}
