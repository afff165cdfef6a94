const encoder = new TextEncoder();

/** base64url without padding. */
export function encodePart(value: string | Uint8Array): string {
  const bytes = typeof value === "string" ? encoder.encode(value) : value;
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

export interface TokenParts {
  readonly header?: string;
  readonly payload: string;
  readonly secret: string;
}

/** A JWT signed with HS256, whatever its header and payload (JSON texts) claim. */
export function signToken({ header = '{"alg":"HS256","typ":"JWT"}', payload, secret }: TokenParts): string {
  const signed = `${encodePart(header)}.${encodePart(payload)}`;
  const signature = new Bun.CryptoHasher("sha256", secret).update(signed).digest();
  return `${signed}.${encodePart(signature)}`;
}
