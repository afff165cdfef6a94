import { expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exposedSecrets } from "../../../../core/server/auth/exposed-secrets.ts";

test("a secret file that the group or others may open is named by its flag", () => {
  const directory = mkdtempSync(join(tmpdir(), "secrets-"));
  const file = join(directory, "secret");
  writeFileSync(file, "x");
  const flagsAt = (mode: number) => {
    chmodSync(file, mode);
    return exposedSecrets({ listen: "ws://127.0.0.1:0", auth: { tokenFile: file }, tlsKey: file });
  };
  expect(flagsAt(0o600)).toEqual([]);
  expect(flagsAt(0o400)).toEqual([]);
  for (const mode of [0o640, 0o604, 0o620, 0o644]) {
    expect(flagsAt(mode)).toEqual(["--ws-token-file", "--tls-key"]);
  }
  expect(exposedSecrets({ listen: "stdio", auth: { sharedSecretFile: join(directory, "absent") } })).toEqual(
    [],
  );
  rmSync(directory, { recursive: true });
});
