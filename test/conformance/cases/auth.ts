import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { bareRequest } from "./bare-request.ts";
import { inSeconds, signToken } from "./json-web-token.ts";

export const authCases: Case[] = [];
const add = addTo(authCases);

const upgrade = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

type Headers = Readonly<Record<string, string>>;

/** Asks one server for each: an upgrade with these headers, by name. */
async function upgrades(t: CaseContext, flags: readonly string[], tries: Readonly<Record<string, Headers>>) {
  const server = await t.launch({ flags });
  const answers: Record<string, unknown> = {};
  for (const [name, headers] of Object.entries(tries)) {
    answers[name] = await bareRequest(server.url, {
      method: "GET",
      path: "/",
      headers: { ...upgrade, ...headers },
    });
  }
  return answers;
}

const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });
const schemes: Readonly<Record<string, Headers>> = {
  right: bearer("the-token"),
  lower_case_scheme: { Authorization: "bearer the-token" },
  upper_case_scheme: { Authorization: "BEARER the-token" },
  spaces_around: { Authorization: "Bearer    the-token   " },
  tab_after_scheme: { Authorization: "Bearer\tthe-token" },
  none: {},
  wrong: bearer("other"),
  prefix_of_it: bearer("the-toke"),
  longer: bearer("the-token2"),
  other_case: bearer("THE-TOKEN"),
  empty: { Authorization: "Bearer " },
  scheme_only: { Authorization: "Bearer" },
  basic: { Authorization: "Basic dGhlLXRva2Vu" },
  token_only: { Authorization: "the-token" },
  two_tokens: bearer("the-token the-token"),
  subprotocol: { "Sec-WebSocket-Protocol": "bearer, the-token" },
  right_with_origin: { ...bearer("the-token"), Origin: "http://localhost" },
};

add("auth.capability.token_file", (t) => {
  writeFileSync(t.path("token"), "  the-token\n\n");
  return upgrades(t, ["--ws-auth", "capability-token", "--ws-token-file", t.path("token")], schemes);
});
add("auth.capability.token_sha256", (t) => {
  const digest = createHash("sha256").update("the-token").digest("hex");
  return upgrades(t, ["--ws-auth", "capability-token", "--ws-token-sha256", digest.toUpperCase()], {
    right: bearer("the-token"),
    wrong: bearer("other"),
    digest_itself: bearer(digest),
  });
});
add("auth.capability.other_paths", async (t) => {
  writeFileSync(t.path("token"), "the-token");
  const server = await t.launch({
    flags: ["--ws-auth", "capability-token", "--ws-token-file", t.path("token")],
  });
  const get = (path: string, headers: Headers = {}) =>
    bareRequest(server.url, { method: "GET", path, headers });
  return {
    readyz: await get("/readyz"),
    unknown: await get("/nope", upgrade),
    plainRoot: await get("/"),
    plainRootWithToken: await get("/", bearer("the-token")),
    queryToken: await get("/?token=the-token", upgrade),
  };
});
add("auth.capability.works_end_to_end", async (t) => {
  writeFileSync(t.path("token"), "the-token");
  const server = await t.launch({
    flags: ["--ws-auth", "capability-token", "--ws-token-file", t.path("token")],
  });
  const client = await t.clientOf(server.url, { headers: bearer("the-token") });
  return (await client.call("environment/status")).result;
});

const secret = "0123456789abcdef0123456789abcdef";
const claims = () => ({ exp: inSeconds(600) });
const signed = (content: unknown, header?: unknown) => bearer(signToken(secret, content, header));

function tokens(): Readonly<Record<string, Headers>> {
  return {
    right: signed(claims()),
    none: {},
    junk: bearer("junk"),
    two_parts: bearer("a.b"),
    four_parts: bearer(`${signToken(secret, claims())}.x`),
    wrong_secret: bearer(signToken(`${secret}x`, claims())),
    changed_claims: bearer(signToken(secret, claims()).replace(/\.[^.]*\./, ".eyJleHAiOjk5OTk5OTk5OTl9.")),
    alg_none: signed(claims(), { alg: "none" }),
    alg_none_unsigned: bearer(signToken(secret, claims(), { alg: "none" }).replace(/[^.]*$/, "")),
    alg_hs512: signed(claims(), { alg: "HS512" }),
    alg_missing: signed(claims(), { typ: "JWT" }),
    typ_missing: signed(claims(), { alg: "HS256" }),
    typ_other: signed(claims(), { alg: "HS256", typ: "at+jwt" }),
    exp_missing: signed({}),
    exp_string: signed({ exp: String(inSeconds(600)) }),
    exp_float: signed({ exp: inSeconds(600) + 0.5 }),
    exp_past: signed({ exp: inSeconds(-60) }),
    exp_within_skew: signed({ exp: inSeconds(-20) }),
    nbf_past: signed({ ...claims(), nbf: inSeconds(-60) }),
    nbf_future: signed({ ...claims(), nbf: inSeconds(60) }),
    nbf_within_skew: signed({ ...claims(), nbf: inSeconds(20) }),
    nbf_string: signed({ ...claims(), nbf: "x" }),
    iat_future: signed({ ...claims(), iat: inSeconds(600) }),
    unlooked_iss_and_aud: signed({ ...claims(), iss: "x", aud: "y" }),
    claims_not_an_object: signed([1]),
  };
}

function signedFlags(t: CaseContext, ...more: readonly string[]): readonly string[] {
  writeFileSync(t.path("secret"), `${secret}\n`);
  return ["--ws-auth", "signed-bearer-token", "--ws-shared-secret-file", t.path("secret"), ...more];
}
add("auth.signed.tokens", (t) => upgrades(t, signedFlags(t), tokens()));
add("auth.signed.skew_0", (t) =>
  upgrades(t, signedFlags(t, "--ws-max-clock-skew-seconds", "0"), {
    right: signed(claims()),
    exp_just_past: signed({ exp: inSeconds(-5) }),
    nbf_just_ahead: signed({ ...claims(), nbf: inSeconds(5) }),
  }),
);
add("auth.signed.issuer_and_audience", (t) =>
  upgrades(t, signedFlags(t, "--ws-issuer", "me", "--ws-audience", "you"), {
    right: signed({ ...claims(), iss: "me", aud: "you" }),
    audience_list: signed({ ...claims(), iss: "me", aud: ["other", "you"] }),
    audience_list_without: signed({ ...claims(), iss: "me", aud: ["other"] }),
    audience_missing: signed({ ...claims(), iss: "me" }),
    audience_number: signed({ ...claims(), iss: "me", aud: 5 }),
    audience_wrong: signed({ ...claims(), iss: "me", aud: "me" }),
    issuer_missing: signed({ ...claims(), aud: "you" }),
    issuer_wrong: signed({ ...claims(), iss: "you", aud: "you" }),
    issuer_number: signed({ ...claims(), iss: 5, aud: "you" }),
    both_wrong: signed({ ...claims(), iss: "x", aud: "x" }),
    expired_and_wrong_issuer: signed({ exp: inSeconds(-600), iss: "x", aud: "you" }),
  }),
);
