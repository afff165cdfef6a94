import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../cli/command.ts";
import { chooseTarget } from "../../../cli/link/choose-target.ts";
import { sendsTokenInClear } from "../../../cli/link/open-session.ts";
import { parseSessionTtl, parseVariables } from "../../../cli/link/session-options.ts";
import { parseTarget } from "../../../core/client/target.ts";
import { EnvironmentsDisabledError } from "../../../core/environment/environment-errors.ts";
import { Secret } from "../../../core/host/secret.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "codex-env-target-"));
  writeFileSync(join(dir, "token"), "  from-file\n");
  writeFileSync(join(dir, "empty"), "\n");
  writeFileSync(join(dir, "header"), "a\r\nX-Other: b");
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const choose = (url: string | undefined, environment: Record<string, string> = {}, tokenFile?: string) =>
  chooseTarget({ url, tokenFile }, environment);

describe("the server that is meant", () => {
  test("is the one that was named, before the variable", () => {
    expect(choose("ws://a:1", { CODEX_EXEC_SERVER_URL: "ws://b:1" })).toMatchObject({ url: { host: "a:1" } });
    expect(choose(undefined, { CODEX_EXEC_SERVER_URL: " ws://b:1 " })).toMatchObject({
      url: { host: "b:1" },
    });
  });

  test.each([{}, { CODEX_EXEC_SERVER_URL: "" }, { CODEX_EXEC_SERVER_URL: "  " }])(
    "is one of our own where the variable is %j",
    (environment) => expect(choose(undefined, environment)).toBe("local"),
  );

  test.each(["none", "NONE", " None "])("is none where the variable says %j", (value) => {
    expect(() => choose(undefined, { CODEX_EXEC_SERVER_URL: value })).toThrow(EnvironmentsDisabledError);
  });

  test("cannot be an empty URL, or one of another kind", () => {
    expect(() => choose("")).toThrow(UsageError);
    expect(() => choose("ftp://a")).toThrow(UsageError);
    expect(() => choose(undefined, { CODEX_EXEC_SERVER_URL: "garbage" })).toThrow(UsageError);
  });
});

describe("the token", () => {
  const tokenOf = (environment: Record<string, string>, file?: string) => {
    const target = choose("ws://a:1", environment, file);
    return target !== "local" && "token" in target ? target.token?.reveal() : undefined;
  };

  test("comes from the file, else from the variable, else there is none", () => {
    expect(tokenOf({ CODEX_ENV_TOKEN: "from-variable" }, join(dir, "token"))).toBe("from-file");
    expect(tokenOf({ CODEX_ENV_TOKEN: " from-variable " })).toBe("from-variable");
    expect(tokenOf({})).toBeUndefined();
  });

  test.each(["empty", "header", "missing"])(
    "is refused from a file that is %s, without showing it",
    (name) => {
      expect(() => tokenOf({}, join(dir, name))).toThrow(UsageError);
      expect(() => tokenOf({}, join(dir, name))).toThrow(/^(?!.*X-Other)/);
    },
  );

  test("to another machine without encryption deserves a warning", () => {
    const token = new Secret("x");
    expect(sendsTokenInClear(parseTarget("ws://example.org", token))).toBe(true);
    for (const url of [
      "ws://127.0.0.1:1",
      "ws://[::1]:1",
      "ws://localhost",
      "wss://example.org",
      "unix:///s",
    ]) {
      expect(sendsTokenInClear(parseTarget(url, token))).toBe(false);
    }
    expect(sendsTokenInClear(parseTarget("ws://example.org"))).toBe(false);
  });
});

test("--session-ttl takes 1 to 86400", () => {
  expect(parseSessionTtl("1")).toBe(1);
  expect(parseSessionTtl("86400")).toBe(86_400);
  for (const text of ["0", "86401", "-1", "1.5", "x", ""])
    expect(() => parseSessionTtl(text)).toThrow(UsageError);
});

test("--env takes NAME=VALUE, the last one counts", () => {
  expect(parseVariables(["A=1", "B=x=y", "A="])).toEqual({ A: "", B: "x=y" });
  for (const word of ["A", "=x", ""]) expect(() => parseVariables([word])).toThrow(UsageError);
});
