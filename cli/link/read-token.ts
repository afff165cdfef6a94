import { Secret } from "../../core/host/secret.ts";
import { UsageError } from "../command.ts";
import { readGivenFile } from "./read-given-file.ts";

/** The variable that may hold the token; an argument never does, since `ps` shows it to everybody. */
export const tokenVariable = "CODEX_ENV_TOKEN";

/** The bearer token from a file, else from the variable, else none. Throws UsageError. */
export function readToken(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Secret | undefined {
  if (file === undefined) {
    const value = environment[tokenVariable]?.trim();
    return value === undefined || value === "" ? undefined : checked(value, tokenVariable);
  }
  return checked(readGivenFile("--token-file", file).trim(), "the token file");
}

function checked(token: string, source: string): Secret {
  if (token === "") throw new UsageError(`${source} is empty`);
  // Anything else could smuggle a header line into the request.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new UsageError(`${source} holds characters that no token has`);
  return new Secret(token);
}
