import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { coversName } from "../../../core/process/environment-pattern.ts";
import { childEnvironment, type EnvironmentSources } from "../../../core/process/environment-policy.ts";

type Policy = NonNullable<EnvironmentSources["policy"]>;

const server = [
  ["PATH", "/bin"],
  ["home", "/root"],
  ["TERM", "xterm"],
  ["API_KEY", "1"],
  ["my_token_x", "2"],
  ["CODEX_EXEC_SERVER_NOISE_AUTH_TOKEN", "3"],
  ["BUN_BE_BUN", "4"],
  ["LANG", "C"],
] as const;
const everything: Policy = {
  inherit: "all",
  ignoreDefaultExcludes: true,
  exclude: [],
  set: [],
  includeOnly: [],
};

function build(sources: Partial<EnvironmentSources>): Record<string, string> {
  const pairs = childEnvironment({
    server,
    policy: null,
    env: [],
    metadata: null,
    terminalShell: null,
    ...sources,
  });
  return Object.fromEntries(pairs);
}

function inherited(policy: Partial<Policy>): Record<string, string> {
  return build({ policy: { ...everything, ...policy } });
}

describe("a child's environment", () => {
  test("without a policy, exactly the request's", () => {
    expect(build({ env: [["A", "1"]] })).toEqual({ A: "1" });
  });

  test("inherit all, core or none", () => {
    expect(Object.keys(inherited({}))).toEqual(["PATH", "home", "TERM", "API_KEY", "my_token_x", "LANG"]);
    expect(Object.keys(inherited({ inherit: "core" }))).toEqual(["PATH", "home", "LANG"]);
    expect(inherited({ inherit: "none" })).toEqual({});
  });

  test("secrets stay behind by default, whatever their case", () => {
    expect(Object.keys(inherited({ ignoreDefaultExcludes: false }))).toEqual([
      "PATH",
      "home",
      "TERM",
      "LANG",
    ]);
  });

  test("excluded first, then set, then only what is included", () => {
    const policy = {
      exclude: ["T*"],
      set: [
        ["TERM", "dumb"],
        ["X", "1"],
      ] as const,
      includeOnly: ["t?rm", "P*"],
    };
    expect(inherited(policy)).toEqual({ PATH: "/bin", TERM: "dumb" });
  });

  test("set is not subject to the default excludes", () => {
    expect(inherited({ inherit: "none", ignoreDefaultExcludes: false, set: [["MY_KEY", "1"]] })).toEqual({
      MY_KEY: "1",
    });
  });

  test("the request's own variables lie over everything, unfiltered", () => {
    const policy = { ...everything, exclude: ["*"], includeOnly: ["NOTHING"] };
    expect(build({ policy, env: [["API_KEY", "mine"]] })).toEqual({ API_KEY: "mine" });
  });

  test("forbidden names are dropped from every source, whatever their case", () => {
    const names = [
      "openai_federation_rule_id",
      "CODEX_TOOL_CALL_ID",
      "CODEX_EXEC_SERVER_EXIT_ON_STDIN_CLOSE",
    ];
    const pairs = names.map((name) => [name, "x"] as const);
    expect(build({ env: pairs })).toEqual({});
    expect(inherited({ inherit: "none", set: pairs })).toEqual({});
  });

  test("metadata wins over the request's variables", () => {
    const metadata = { threadId: "t", toolCallId: "c" };
    expect(build({ env: [["CODEX_THREAD_ID", "x"]], metadata })).toEqual({
      CODEX_THREAD_ID: "t",
      CODEX_TOOL_CALL_ID: "c",
    });
  });

  test("a terminal finds its shell, unless the environment names one", () => {
    expect(build({ terminalShell: "/bin/zsh" })).toEqual({ SHELL: "/bin/zsh" });
    expect(build({ terminalShell: "/bin/zsh", env: [["SHELL", ""]] })).toEqual({ SHELL: "" });
  });

  test("the runtime's switches are not inherited, but a request may set them", () => {
    expect(build({ policy: everything, env: [["BUN_BE_BUN", "1"]] })["BUN_BE_BUN"]).toBe("1");
  });
});

describe("a pattern of names", () => {
  test("any pattern, covers what the same regular expression covers", () => {
    const name = fc.string({ unit: fc.constantFrom("a", "B", "_", "["), maxLength: 8 });
    const pattern = fc.string({
      unit: fc.constantFrom("A", "b", "_", "[", "*", "?"),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(pattern, name, (given, text) => {
        const source = RegExp.escape(given).replaceAll("\\*", ".*").replaceAll("\\?", ".");
        expect(coversName(given, text)).toBe(new RegExp(`^(?:${source})$`, "is").test(text));
      }),
      { numRuns: 1_000 },
    );
  });

  test("the empty pattern covers nothing, not even the empty name", () => {
    expect(coversName("", "")).toBe(false);
    expect(coversName("*", "")).toBe(true);
  });

  test("a pattern made to explode takes no time", () => {
    const started = performance.now();
    expect(coversName(`${"*a".repeat(200)}b`, "a".repeat(5_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
