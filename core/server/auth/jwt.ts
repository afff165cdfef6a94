import type { Secret } from "../../host/secret.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../protocol/json/json-value.ts";
import { parseJson } from "../../protocol/json/parse.ts";

/** The claims that this server looks at; any other is ignored. Times are whole seconds since 1970. */
export interface Claims {
  readonly exp: bigint;
  readonly nbf: bigint | undefined;
  readonly iss: string | undefined;
  readonly aud: readonly string[] | undefined;
}

/**
 * The claims of a JWT signed with HS256 and `secret`, or `undefined` for anything else: another algorithm
 * (`none` too), a critical extension, a bad form or signature, or a claim of the wrong type.
 */
export function verifyJwt(token: string, secret: Secret<Uint8Array>): Claims | undefined {
  const parts = token.split(".");
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || header === undefined || payload === undefined || signature === undefined) {
    return undefined;
  }
  const signed = decodeBase64Url(signature);
  const expected = new Bun.CryptoHasher("sha256", secret.reveal()).update(`${header}.${payload}`).digest();
  if (signed?.length !== expected.length || !crypto.timingSafeEqual(signed, expected)) return undefined;
  const fields = decodeObject(header);
  if (fields?.["alg"] !== "HS256" || fields["crit"] !== undefined) return undefined;
  const body = decodeObject(payload);
  return body === undefined ? undefined : readClaims(body);
}

function decodeObject(part: string): JsonObject | undefined {
  const bytes = decodeBase64Url(part);
  if (bytes === undefined) return undefined;
  try {
    const value = parseJson(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Canonical base64url without padding only, so that one token has one spelling. */
function decodeBase64Url(text: string): Uint8Array | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined;
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    const canonical = bytes.toBase64({ alphabet: "base64url", omitPadding: true });
    return canonical === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function readClaims(body: JsonObject): Claims | undefined {
  const exp = wholeSeconds(body["exp"]);
  const nbf = optional(body["nbf"], wholeSeconds);
  const iss = optional(body["iss"], text);
  const aud = optional(body["aud"], audience);
  if (exp === undefined || nbf === bad || iss === bad || aud === bad) return undefined;
  return { exp, nbf, iss, aud };
}

const bad = Symbol("a claim of the wrong type");

function optional<T>(
  value: JsonValue | undefined,
  read: (value: JsonValue) => T | undefined,
): T | undefined | typeof bad {
  if (value === undefined || value === null) return undefined;
  return read(value) ?? bad;
}

function wholeSeconds(value: JsonValue | undefined): bigint | undefined {
  if (typeof value !== "number" && typeof value !== "bigint") return undefined;
  const seconds = BigInt(value);
  return BigInt.asIntN(64, seconds) === seconds ? seconds : undefined;
}

function text(value: JsonValue): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function audience(value: JsonValue): readonly string[] | undefined {
  if (typeof value === "string") return [value];
  if (!Array.isArray(value)) return undefined;
  return value.every((item) => typeof item === "string") ? value : undefined;
}
