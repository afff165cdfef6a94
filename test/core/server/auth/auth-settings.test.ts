import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuthSettings, authPolicy } from "../../../../core/server/auth/auth-settings.ts";

let directory = "";
const file = (name: string) => join(directory, name);
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "auth-"));
  writeFileSync(file("token"), "  tok\n");
  writeFileSync(file("blank"), " \n");
  writeFileSync(file("short"), "x".repeat(31));
  writeFileSync(file("secret"), `${"s".repeat(32)}\n`);
  writeFileSync(file("binary"), Buffer.from([0xff, 0xfe]));
});
afterAll(() => rmSync(directory, { recursive: true }));

const capability = "capability-token";
const signed = "signed-bearer-token";

describe("auth flags that do not fit together are refused", () => {
  const cases: readonly [() => AuthSettings, string][] = [
    [
      () => ({ auth: capability }),
      "`--ws-token-file` or `--ws-token-sha256` is required when `--ws-auth capability-token` is set",
    ],
    [
      () => ({ auth: capability, tokenFile: file("token"), tokenSha256: "a".repeat(64) }),
      "`--ws-token-file` and `--ws-token-sha256` are mutually exclusive",
    ],
    ...["", "a".repeat(63), "g".repeat(64)].map((tokenSha256): [() => AuthSettings, string] => [
      () => ({ auth: capability, tokenSha256 }),
      "--ws-token-sha256 must be a 64-character hex SHA-256 digest",
    ]),
    [
      () => ({ auth: capability, tokenFile: file("blank") }),
      "websocket auth secret DIR/blank must not be empty",
    ],
    [
      () => ({ auth: capability, tokenFile: file("absent") }),
      "failed to read websocket auth secret DIR/absent: No such file or directory (os error 2)",
    ],
    [
      () => ({ auth: capability, tokenFile: directory }),
      "failed to read websocket auth secret DIR: Is a directory (os error 21)",
    ],
    [
      () => ({ auth: capability, tokenFile: file("binary") }),
      "failed to read websocket auth secret DIR/binary: stream did not contain valid UTF-8",
    ],
    [
      () => ({ auth: signed }),
      "`--ws-shared-secret-file` is required when `--ws-auth signed-bearer-token` is set",
    ],
    [
      () => ({ auth: signed, sharedSecretFile: file("short") }),
      "signed websocket bearer secret DIR/short must be at least 32 bytes",
    ],
    ...[{ tokenFile: "x" }, { issuer: "x" }, { maxClockSkewSeconds: 0n }].map(
      (flags): [() => AuthSettings, string] => [
        () => flags,
        "websocket auth flags require `--ws-auth capability-token` or `--ws-auth signed-bearer-token`",
      ],
    ),
    [
      () => ({ auth: signed, sharedSecretFile: file("secret"), tokenFile: file("token") }),
      "`--ws-token-file` and `--ws-token-sha256` require `--ws-auth capability-token`, not `signed-bearer-token`",
    ],
    [
      () => ({ auth: capability, tokenFile: file("token"), audience: "x" }),
      "`--ws-shared-secret-file`, `--ws-issuer`, `--ws-audience`, and `--ws-max-clock-skew-seconds` require `--ws-auth signed-bearer-token`",
    ],
  ];
  for (const [settings, message] of cases) {
    test(message, () => {
      expect(() => authPolicy(settings())).toThrow(message.replace("DIR", directory));
    });
  }
});

describe("auth flags that fit together", () => {
  test("none let everybody in", () => {
    expect(authPolicy({}).check("Basic x")).toEqual({ kind: "accepted" });
  });

  test("a token file opens with its trimmed content", () => {
    const policy = authPolicy({ auth: capability, tokenFile: file("token") });
    expect(policy.check("Bearer tok")).toEqual({ kind: "accepted" });
  });

  test("a token's digest opens with the token, whatever the case of its digits", () => {
    const digest = new Bun.CryptoHasher("sha256").update("tok").digest("hex");
    for (const tokenSha256 of [digest, digest.toUpperCase()]) {
      expect(authPolicy({ auth: capability, tokenSha256 }).check("Bearer tok")).toEqual({ kind: "accepted" });
    }
  });

  test("a secret of 32 bytes is long enough", () => {
    expect(authPolicy({ auth: signed, sharedSecretFile: file("secret") }).name).toBe(signed);
  });
});
