import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Secret } from "../../../../core/host/secret.ts";
import { type SignedBearerOptions, signedBearerToken } from "../../../../core/server/auth/signed-bearer.ts";
import { encodePart, signToken } from "./tokens.ts";

const secret = "0123456789abcdef0123456789abcdef";
const nowSeconds = 1_800_000_000;

function verdict(token: string, options: Partial<SignedBearerOptions> = {}): string {
  const policy = signedBearerToken({
    secret: new Secret(new TextEncoder().encode(secret)),
    maxClockSkewSeconds: 30n,
    now: () => nowSeconds * 1000,
    ...options,
  });
  const found = policy.check(`Bearer ${token}`);
  return found.kind === "accepted" ? "accepted" : found.reason;
}

const sign = (payload: string, header?: string) =>
  signToken(header === undefined ? { payload, secret } : { payload, secret, header });
const exp = nowSeconds + 60;
const good = sign(`{"exp":${exp}}`);

describe("a signed bearer token", () => {
  test("is accepted while it is valid, whatever else it claims", () => {
    expect(verdict(good)).toBe("accepted");
    expect(verdict(sign(`{"exp":${exp},"iat":"x","iss":"anyone","aud":["a"],"nbf":null}`))).toBe("accepted");
    expect(verdict(sign(`{"exp":9223372036854775807}`))).toBe("accepted");
  });

  test("lasts to the very second of its end plus the skew", () => {
    expect(verdict(sign(`{"exp":${nowSeconds - 30}}`))).toBe("accepted");
    expect(verdict(sign(`{"exp":${nowSeconds - 31}}`))).toBe("expired websocket jwt");
    expect(verdict(sign(`{"exp":-9223372036854775808}`))).toBe("expired websocket jwt");
  });

  test("begins at its start minus the skew", () => {
    expect(verdict(sign(`{"exp":${exp},"nbf":${nowSeconds + 30}}`))).toBe("accepted");
    expect(verdict(sign(`{"exp":${exp},"nbf":${nowSeconds + 31}}`))).toBe("websocket jwt is not valid yet");
  });

  test("must name the issuer that is asked for", () => {
    expect(verdict(sign(`{"exp":${exp},"iss":"us"}`), { issuer: "us" })).toBe("accepted");
    for (const iss of ['"iss":"US"', '"iss":null', '"x":1']) {
      expect(verdict(sign(`{"exp":${exp},${iss}}`), { issuer: "us" })).toBe("websocket jwt issuer mismatch");
    }
  });

  test("must name the audience that is asked for, alone or among others", () => {
    for (const aud of ['"here"', '["there","here"]']) {
      expect(verdict(sign(`{"exp":${exp},"aud":${aud}}`), { audience: "here" })).toBe("accepted");
    }
    for (const aud of ['"aud":"there"', '"aud":[]', '"x":1']) {
      expect(verdict(sign(`{"exp":${exp},${aud}}`), { audience: "here" })).toBe(
        "websocket jwt audience mismatch",
      );
    }
  });
});

describe("a forged or malformed token is no jwt", () => {
  const [header = "", payload = "", signature = ""] = good.split(".");
  const none = encodePart('{"alg":"none"}');
  const forged: Record<string, string> = {
    "alg none without a signature": `${none}.${payload}.`,
    "alg none with our signature": sign(`{"exp":${exp}}`, '{"alg":"none"}'),
    "alg None": sign(`{"exp":${exp}}`, '{"alg":"None"}'),
    "alg HS512 signed as HS256": sign(`{"exp":${exp}}`, '{"alg":"HS512"}'),
    "alg RS256 signed as HS256": sign(`{"exp":${exp}}`, '{"alg":"RS256"}'),
    "alg hs256": sign(`{"exp":${exp}}`, '{"alg":"hs256"}'),
    "no alg": sign(`{"exp":${exp}}`, '{"typ":"JWT"}'),
    "alg twice": sign(`{"exp":${exp}}`, '{"alg":"none","alg":"HS256"}'),
    "a critical extension": sign(`{"exp":${exp}}`, '{"alg":"HS256","crit":["b64"],"b64":false}'),
    "another key": signToken({ payload: `{"exp":${exp}}`, secret: `${secret}x` }),
    "an empty key": signToken({ payload: `{"exp":${exp}}`, secret: "" }),
    "no signature": `${header}.${payload}.`,
    "two parts": `${header}.${payload}`,
    "four parts": `${good}.`,
    "a truncated signature": good.slice(0, -4),
    "a longer signature": `${good}AAAA`,
    "a padded signature": `${good}=`,
    "another spelling of the same signature": `${good.slice(0, -1)}${nextLetter(good)}`,
    "the payload of another token": `${header}.${encodePart(`{"exp":${exp + 1}}`)}.${signature}`,
    "no exp": sign("{}"),
    "exp null": sign('{"exp":null}'),
    "exp a string": sign(`{"exp":"${exp}"}`),
    "exp a float": sign(`{"exp":${exp}.0}`),
    "exp with an exponent": sign('{"exp":2e9}'),
    "exp beyond 64 bits": sign('{"exp":9223372036854775808}'),
    "exp twice": sign(`{"exp":1,"exp":${exp}}`),
    "nbf a string": sign(`{"exp":${exp},"nbf":"1"}`),
    "iss a number": sign(`{"exp":${exp},"iss":1}`),
    "aud a number": sign(`{"exp":${exp},"aud":1}`),
    "aud with a number in it": sign(`{"exp":${exp},"aud":["a",1]}`),
    "a payload that is no object": sign("[]"),
    "a payload that is no JSON": sign("{exp}"),
    nothing: "..",
  };
  for (const [name, token] of Object.entries(forged)) {
    test(name, () => expect(verdict(token)).toBe("invalid websocket jwt"));
  }

  test("any single changed character", () => {
    const alphabet = "ABCXYZabcxyz0189-_.";
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.constantFrom(...alphabet), (at, letter) => {
        fc.pre(good[at] !== letter);
        const changed = good.slice(0, at) + letter + good.slice(at + 1);
        expect(verdict(changed)).toBe("invalid websocket jwt");
      }),
    );
  });

  test("any text at all", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{1,80}$/), (token) => {
        expect(verdict(token)).toBe("invalid websocket jwt");
      }),
    );
  });
});

/** The last letter of 32 bytes in base64url carries two unused bits: its neighbour decodes to the same bytes. */
function nextLetter(token: string): string {
  return String.fromCharCode(token.charCodeAt(token.length - 1) + 1);
}
