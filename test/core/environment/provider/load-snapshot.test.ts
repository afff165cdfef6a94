import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import fc from "fast-check";
import { stringify } from "smol-toml";
import { EnvironmentConfigError } from "../../../../core/environment/config/config-error.ts";
import { snapshotFromTexts } from "../../../../core/environment/provider/snapshot-from-files.ts";
import { homeFixture } from "./home-fixture.ts";

const fixture = homeFixture();
const { load, write } = fixture;

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

describe("a CODEX_HOME that is no directory", () => {
  test.each([
    ["nothing", (home: string) => join(home, "slip"), "that path does not exist"],
    ["a file", (home: string) => join(home, "file"), "that path is not a directory"],
  ])("and is %s is refused, so that a slip in it runs nothing here", (_what, homeOf, reason) => {
    write("", "file");
    const home = homeOf(fixture.home);
    expect(() => load({ CODEX_HOME: home })).toThrow(
      `CODEX_HOME points to ${JSON.stringify(home)}, but ${reason}`,
    );
    expect(() => load({ CODEX_HOME: home })).toThrow(EnvironmentConfigError);
  });

  test("matters only where it was named: there may be no .codex in the home directory", () => {
    const variables = { CODEX_HOME: "", HOME: join(fixture.home, "nobody") };
    expect(load(variables)).toMatchObject({ defaultId: "local", includeLocal: true });
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
      transport: { kind: "command", argv: ["ssh", "", "$HOME"], cwd: join(fixture.home, "~/sub") },
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

  test("may ask for more patience than a timer has", () => {
    write(
      '[[environments]]\nid = "a"\nurl = "ws://h"\ninitialize_timeout_sec = 1e15\nconnect_timeout_sec = 0\n',
    );
    const [definition] = load().definitions;
    expect(definition).toMatchObject({
      initializeTimeoutMs: 2 ** 31 - 1,
      transport: { connectTimeoutMs: 0 },
    });
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
