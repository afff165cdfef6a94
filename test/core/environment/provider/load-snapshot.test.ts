import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { stringify } from "smol-toml";
import { EnvironmentConfigError } from "../../../../core/environment/config/config-error.ts";
import { loadSnapshot } from "../../../../core/environment/provider/load-snapshot.ts";
import { snapshotFromTexts } from "../../../../core/environment/provider/snapshot-from-files.ts";
import { limits } from "../../../../core/limits.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "codex-env-home-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const load = (variables: Readonly<Record<string, string>> = {}) =>
  loadSnapshot({ CODEX_HOME: home, ...variables });
const write = (text: string | Uint8Array, name = "environments.toml") =>
  writeFileSync(join(home, name), text);

describe("CODEX_EXEC_SERVER_URL", () => {
  test.each([undefined, "", "  \t"])("%j means this machine", (url) => {
    const snapshot = load(url === undefined ? {} : { CODEX_EXEC_SERVER_URL: url });
    expect(snapshot).toMatchObject({ definitions: [], defaultId: "local", includeLocal: true });
  });

  test.each(["none", "NONE", " None "])("%j disables environments", (url) => {
    expect(load({ CODEX_EXEC_SERVER_URL: url })).toMatchObject({
      definitions: [],
      defaultId: null,
      includeLocal: false,
    });
  });

  test.each(["ws://h:1", " wss://h/x ", "http://x", "garbage", "unix:///x"])(
    "%j is the environment `remote`, the default, and there is no other",
    (url) => {
      const { definitions, defaultId, includeLocal } = load({ CODEX_EXEC_SERVER_URL: url });
      expect([definitions.map(({ id }) => id), defaultId, includeLocal]).toEqual([
        ["remote"],
        "remote",
        false,
      ]);
    },
  );

  test("and its token are printed by nothing", () => {
    const snapshot = load({
      CODEX_EXEC_SERVER_URL: "ws://u:sesame@h/?key=sesame",
      CODEX_ENV_TOKEN: "sesame",
    });
    expect(Bun.inspect(snapshot) + JSON.stringify(snapshot)).not.toContain("sesame");
  });
});

describe("CODEX_EXEC_SERVER_NOISE_*", () => {
  test.each(["REGISTRY_URL", "ENVIRONMENT_ID", "AUTH_TOKEN"])(
    "%s is refused, whatever else is there",
    (name) => {
      write("");
      const variable = `CODEX_EXEC_SERVER_NOISE_${name}`;
      expect(() => load({ [variable]: "sesame", CODEX_EXEC_SERVER_URL: "ws://h" })).toThrow(
        `${variable} is set`,
      );
      expect(() => load({ [variable]: "sesame" })).toThrow(/^(?!.*sesame)/);
      expect(load({ [variable]: "  " }).defaultId).toBe("local");
    },
  );
});

describe("environments.toml", () => {
  test("wins over the variable, be it empty", () => {
    write("");
    expect(load({ CODEX_EXEC_SERVER_URL: "ws://h" })).toMatchObject({ definitions: [], defaultId: "local" });
  });

  test("gives its entries with the published client's defaults and paths", () => {
    write(`include_local = false
      [[environments]]
      id = "box"
      program = " ssh "
      args = ["", "$HOME"]
      cwd = "~/sub"
      [environments.env]
      A = "1"
      [[environments]]
      id = "far"
      url = " wss://far/x "
      auth_bearer_token = "sesame"
      connect_timeout_sec = 1
      initialize_timeout_sec = 2.5
      skills.required = ["a"]`);
    const { definitions, defaultId } = load();
    expect(defaultId).toBeNull();
    expect(definitions[0]).toMatchObject({
      id: "box",
      transport: { kind: "command", argv: ["ssh", "", "$HOME"], cwd: join(home, "~/sub") },
      initializeTimeoutMs: 10_000,
    });
    expect(definitions[1]).toMatchObject({
      id: "far",
      transport: { kind: "websocket", connectTimeoutMs: 1_000 },
      initializeTimeoutMs: 2_500,
      requiredSkills: ["a"],
    });
    const transport = definitions[1]?.transport;
    if (transport?.kind !== "websocket") throw new Error("not a websocket");
    expect(transport.url.reveal()).toBe("wss://far/x");
    expect(JSON.stringify(definitions) + Bun.inspect(definitions, { depth: 9 })).not.toContain("sesame");
  });

  test("that was written by a program comes back as it was meant", () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/).filter((text) => !/^(local|none)$/i.test(text));
    const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((word) => word.trim() === word);
    const entry = fc.record(
      { id, program: text, args: fc.array(fc.string()), env: fc.dictionary(id, fc.string()), cwd: text },
      { requiredKeys: ["id", "program"] },
    );
    const file = fc.uniqueArray(entry, { selector: (one) => one.id, maxLength: 8 });
    fc.assert(
      fc.property(file, (environments) => {
        const written = { path: "/h/environments.toml", text: stringify({ environments }) };
        const { definitions } = snapshotFromTexts({ environments: written }, "/h");
        for (const [index, { id, program, args, env }] of environments.entries()) {
          const definition = definitions[index];
          if (definition?.transport.kind !== "command") throw new Error("not a command");
          expect(definition.id).toBe(id);
          expect(definition.transport.argv).toEqual([program, ...(args ?? [])]);
          const variables = [...definition.transport.env].map(
            ([name, value]) => [name, value.reveal()] as const,
          );
          expect(Object.fromEntries(variables)).toEqual({ ...env });
        }
      }),
    );
  });

  test("whatever is in it, is taken or refused with one kind of error", () => {
    const words = fc.constantFrom(
      "[[environments]]",
      "[environments.env]",
      "id",
      "url",
      "program",
      "args",
      "default",
      "=",
      ".",
      ",",
      "[",
      "]",
      "{",
      "}",
      '"a"',
      "'b'",
      '"""',
      "1",
      "nan",
      "true",
      "1979-05-27",
      "\n",
      " ",
      "#",
      "\\",
      "\u0000",
      "é",
      "__proto__",
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
        try {
          snapshotFromTexts({ environments: { path: "/h/e.toml", text: parts.join("") } }, "/h");
        } catch (error) {
          expect(error).toBeInstanceOf(EnvironmentConfigError);
          expect(error).toHaveProperty("line", expect.any(Number));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a file that is no good is refused at once:", () => {
  const refused = (reason: string | RegExp) => expect(() => load()).toThrow(reason);

  test("10 MB", () => {
    write("#".repeat(10 * 1024 * 1024));
    refused(`it has 10485760 bytes, and ${limits.environmentsFileBytes} are the most`);
  });

  test("one byte more than is allowed; as many as that are taken", () => {
    write("#".repeat(limits.environmentsFileBytes + 1));
    refused("are the most");
    write("#".repeat(limits.environmentsFileBytes));
    expect(load().defaultId).toBe("local");
  });

  test("a directory, a FIFO, a device, a link that leads nowhere", () => {
    const path = join(home, "environments.toml");
    mkdirSync(path);
    refused("not a regular file");
    rmSync(path, { recursive: true });
    execFileSync("mkfifo", [path]);
    refused("not a regular file");
    rmSync(path);
    symlinkSync("/dev/zero", path);
    refused("not a regular file");
    rmSync(path);
    symlinkSync("nowhere", path);
    refused("No such file or directory (os error 2)");
  });

  test("bytes that are not UTF-8, with their line", () => {
    write(Buffer.concat([Buffer.from('# fine\ndefault = "'), Buffer.from([0xff])]));
    refused("stream did not contain valid UTF-8 (line 2, column 12 of environments.toml)");
  });

  const size = limits.environmentsFileBytes - 100;
  test.each([
    ["brackets", `a = ${"[".repeat(size)}`],
    ["tables", `a = ${"{a=".repeat(size / 3)}`],
    ["a long key", `${"a.".repeat(size / 2)}a = 1`],
    ["a long header", `[${"a.".repeat(size / 2)}a]`],
    ["a long name", `${"a".repeat(size)} = 1`],
    ["a long string", `default = "${"a".repeat(size)}"`],
    ["many names", Array.from({ length: size / 12 }, (_, index) => `k${index} = 1`).join("\n")],
    ["many entries without an id", "[[environments]]\n".repeat(size / 17)],
    ["many entries of one id", '[[environments]]\nid="a"\nurl="ws://x"\n'.repeat(size / 40)],
    ["many items", `[[environments]]\nid="a"\nargs=[${"'',".repeat(size / 4)}1]`],
    ["escapes", `default = "${"\\\\".repeat(size / 2)}`],
    ["digits", `default = ${"1".repeat(size)}`],
    ["quotes", `default = """${'""\\"'.repeat(size / 4)}`],
    ["names of objects", "__proto__ = 1\nconstructor = 2\n"],
  ])("%s", (_what, text) => {
    write(text);
    const before = performance.now();
    expect(() => load()).toThrow(EnvironmentConfigError);
    expect(performance.now() - before).toBeLessThan(3_000);
    expect(() => load()).toThrow(/^[\s\S]{1,40000}$/);
  });
});

describe("codex-env.toml", () => {
  const entries = `[[environments]]\nid = "far"\nurl = "wss://far"\n[[environments]]\nid = "box"\nprogram = "ssh"\n`;

  test("says of an entry what the published client has no words for", () => {
    write(entries);
    write(
      `[environments.far]\ntoken_file = "secrets/far"\nca_file = "/etc/ca.pem"\nheaders = { X-Id = "sesame" }
       reconnect = { enabled = false, session_ttl_sec = 60 }
       [environments.box.ssh]\ndestination = "me@box"\njump = ["gate"]`,
      "codex-env.toml",
    );
    const { definitions, warnings } = load();
    expect(definitions[0]).toMatchObject({
      transport: {
        token: { kind: "file", path: join(home, "secrets/far") },
        authoritiesFile: "/etc/ca.pem",
        headers: [{ name: "X-Id" }],
      },
      reconnect: { enabled: false, sessionTtlSeconds: 60 },
    });
    expect(definitions[1]?.origin).toEqual({ kind: "ssh", destination: "me@box", jump: ["gate"] });
    expect(warnings).toEqual([]);
    expect(Bun.inspect(definitions, { depth: 9 })).not.toContain("sesame");
  });

  test("without environments.toml counts for nothing", () => {
    write("nonsense", "codex-env.toml");
    expect(load({ CODEX_EXEC_SERVER_URL: "ws://h" }).defaultId).toBe("remote");
  });

  test("about an unknown id is warned of, with the one that was meant", () => {
    write(entries);
    write("[environments.fat]\n", "codex-env.toml");
    expect(load().warnings).toEqual([
      "codex-env.toml speaks of `fat`, which environments.toml does not have, did you mean `far`?",
    ]);
  });

  test.each([
    ["[environments.far]\ntoken_fil = 1\n", "did you mean `token_file`?"],
    ["[environments.far]\ntoken_file = 1\n", "line 2, column 1 of codex-env.toml"],
    ["[environments.box]\ntoken_file = 'x'\n", "environment `box` token_file requires url"],
    ["[environments.far.ssh]\n", "environment `far` ssh requires program"],
    [
      "[environments.far]\nheaders = { Host = 'x' }\n",
      "cannot set the header `Host` itself (line 2, column 13",
    ],
    ["[environments.far]\nheaders = { 'a b' = 'x' }\n", "has a header without a name"],
    [
      '[environments.far]\nheaders = { a = "x\\r\\ny" }\n',
      "invalid value for exec-server WebSocket header `a`",
    ],
    ["[environments.far.reconnect]\nsession_ttl_sec = 0\n", "from 1 to 86400"],
    ["[environments.far.reconnect]\nsession_ttl_sec = 86401\n", "from 1 to 86400"],
    ["[environments.box.container]\nengine = 'lxc'\n", "unknown engine `lxc`"],
  ])("%j is refused", (text, reason) => {
    write(entries);
    write(text, "codex-env.toml");
    expect(() => load()).toThrow(reason);
  });

  test("lets no secret travel in clear text to another machine", () => {
    write('[[environments]]\nid = "far"\nurl = "ws://far"\n');
    write("[environments.far]\ntoken_file = 'x'\n", "codex-env.toml");
    expect(() => load()).toThrow("require wss:// or a loopback destination");
    write("[environments.far]\nheaders = { a = 'x' }\n", "codex-env.toml");
    expect(() => load()).toThrow("require wss:// or a loopback destination");
  });
});
