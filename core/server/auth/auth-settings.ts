import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { resolve } from "node:path";
import { osErrorText } from "../../host/errno.ts";
import { Secret } from "../../host/secret.ts";
import { limits } from "../../limits.ts";
import { ListenError } from "../listen/listen-error.ts";
import { type AuthPolicy, noAuth } from "./auth-policy.ts";
import { capabilityToken } from "./capability-token.ts";
import { signedBearerToken } from "./signed-bearer.ts";

/** The `--ws-…` flags as they were typed. */
export interface AuthSettings {
  readonly auth?: "capability-token" | "signed-bearer-token" | undefined;
  readonly tokenFile?: string | undefined;
  readonly tokenSha256?: string | undefined;
  readonly sharedSecretFile?: string | undefined;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly maxClockSkewSeconds?: bigint | undefined;
}

/** Checks the flags against each other and reads the files. Throws {@link ListenError} in the reference's words. */
export function authPolicy(settings: AuthSettings): AuthPolicy {
  switch (settings.auth) {
    case undefined:
      if (givesCapability(settings) || givesSigned(settings)) {
        throw new ListenError(
          "websocket auth flags require `--ws-auth capability-token` or `--ws-auth signed-bearer-token`",
        );
      }
      return noAuth;
    case "capability-token":
      if (givesSigned(settings)) {
        throw new ListenError(
          "`--ws-shared-secret-file`, `--ws-issuer`, `--ws-audience`, and `--ws-max-clock-skew-seconds` require `--ws-auth signed-bearer-token`",
        );
      }
      return capabilityToken(tokenDigest(settings));
    case "signed-bearer-token":
      if (givesCapability(settings)) {
        throw new ListenError(
          "`--ws-token-file` and `--ws-token-sha256` require `--ws-auth capability-token`, not `signed-bearer-token`",
        );
      }
      return signedPolicy(settings);
  }
}

function givesCapability(settings: AuthSettings): boolean {
  return settings.tokenFile !== undefined || settings.tokenSha256 !== undefined;
}

function givesSigned(settings: AuthSettings): boolean {
  const { sharedSecretFile, issuer, audience, maxClockSkewSeconds } = settings;
  return [sharedSecretFile, issuer, audience, maxClockSkewSeconds].some((value) => value !== undefined);
}

function tokenDigest({ tokenFile, tokenSha256 }: AuthSettings): Secret<Uint8Array> {
  if (tokenFile !== undefined && tokenSha256 !== undefined) {
    throw new ListenError("`--ws-token-file` and `--ws-token-sha256` are mutually exclusive");
  }
  if (tokenFile !== undefined)
    return new Secret(new Bun.CryptoHasher("sha256").update(readSecret(resolve(tokenFile))).digest());
  if (tokenSha256 === undefined) {
    throw new ListenError(
      "`--ws-token-file` or `--ws-token-sha256` is required when `--ws-auth capability-token` is set",
    );
  }
  const hex = tokenSha256.trim();
  if (!/^[0-9a-f]{64}$/i.test(hex)) {
    throw new ListenError("--ws-token-sha256 must be a 64-character hex SHA-256 digest");
  }
  return new Secret(Uint8Array.fromHex(hex));
}

function signedPolicy(settings: AuthSettings): AuthPolicy {
  const { sharedSecretFile: file } = settings;
  if (file === undefined) {
    throw new ListenError(
      "`--ws-shared-secret-file` is required when `--ws-auth signed-bearer-token` is set",
    );
  }
  const path = resolve(file);
  const secret = new TextEncoder().encode(readSecret(path));
  if (secret.length < limits.signingSecretBytes) {
    throw new ListenError(
      `signed websocket bearer secret ${path} must be at least ${limits.signingSecretBytes} bytes`,
    );
  }
  const issuer = named(settings.issuer);
  const audience = named(settings.audience);
  return signedBearerToken({
    secret: new Secret(secret),
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
    maxClockSkewSeconds: settings.maxClockSkewSeconds ?? BigInt(limits.clockSkewSeconds),
  });
}

/** An empty name stands for none. */
function named(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === "" ? undefined : trimmed;
}

function readSecret(file: string): string {
  const text = readText(file).trim();
  if (text === "") throw new ListenError(`websocket auth secret ${file} must not be empty`);
  return text;
}

function readText(file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    throw new ListenError(`failed to read websocket auth secret ${file}: ${readFailure(error)}`, {
      cause: error,
    });
  }
}

function readFailure(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return String(error);
  const errno = Object.entries(constants.errno).find(([name]) => name === error.code)?.[1];
  return errno === undefined ? "stream did not contain valid UTF-8" : osErrorText(errno);
}
