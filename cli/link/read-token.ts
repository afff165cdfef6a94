import { readFileSync } from "node:fs";
import { Secret } from "../../core/client/secret.ts";
import { UsageError } from "../command.ts";

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
  return checked(contents(file).trim(), "the token file");
}

function contents(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "an error";
    throw new UsageError(`--token-file: the file cannot be read (${code})`);
  }
}

function checked(token: string, source: string): Secret {
  if (token === "") throw new UsageError(`${source} is empty`);
  // Anything else could smuggle a header line into the request.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new UsageError(`${source} holds characters that no token has`);
  return new Secret(token);
}
