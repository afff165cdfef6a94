import { describe, expect, test } from "bun:test";
import { parseWrapperCommand } from "../../../../core/sandbox/policy/wrapper-command.ts";

const profile = JSON.stringify({
  type: "managed",
  file_system: {
    type: "restricted",
    entries: [
      { path: { type: "special", value: { kind: "root" } }, access: "read" },
      { path: { type: "path", path: "/w" }, access: "write" },
      { path: { type: "special", value: { kind: "project_roots", subpath: ".git" } }, access: "read" },
    ],
  },
  network: "restricted",
});
const command = ["/bin/bash", "-lc", "echo -- hi"];
const options = ["--sandbox-policy-cwd", "/w", "--command-cwd", "/w/sub", "--permission-profile", profile];

describe("the launcher's command line of 0.131.0", () => {
  test("becomes the same policy as a sandbox of today, and the command behind it", () => {
    const wrapped = parseWrapperCommand(
      ["/home/u/bin/codex", ...options, "--", ...command],
      "codex-linux-sandbox",
    );
    expect(wrapped).toEqual({
      policy: {
        kind: "managed",
        entries: [
          { target: { kind: "root" }, access: "read" },
          { target: { kind: "path", path: "/w" }, access: "write" },
          { target: { kind: "projectRoots", subpath: ".git" }, access: "read" },
        ],
        globScanMaxDepth: null,
        network: "restricted",
        cwd: "/w",
        workspaceRoots: ["/w"],
        home: null,
      },
      commandCwd: "/w/sub",
      argv: command,
    });
  });

  test.each([
    [["/home/me/.codex/codex-linux-sandbox"], null, true],
    [["codex-linux-sandbox"], null, true],
    [["/proc/self/exe"], "codex-linux-sandbox", true],
    [["/proc/self/exe"], "/x/codex-linux-sandbox", true],
    [["/bin/sh", "-c", "codex-linux-sandbox"], null, false],
    [["/x/codex-linux-sandbox/sh"], "sh", false],
    [["codex-linux-sandbox2"], "", false],
    [[], null, false],
  ] as const)("%j as %p is one: %p", (argv, arg0, is) => {
    if (is) expect(parseWrapperCommand([...argv, ...options, "--", "true"], arg0)?.argv).toEqual(["true"]);
    else expect(parseWrapperCommand(argv, arg0)).toBeNull();
  });

  test.each([
    ["nothing behind the launcher's name", [], "there is no --"],
    ["no profile", ["--sandbox-policy-cwd", "/w", "--", "true"], "--permission-profile is missing"],
    ["no command", [...options, "--"], "there is no command behind --"],
    ["an option twice", [...options, ...options, "--", "true"], "--sandbox-policy-cwd is given twice"],
    ["an option without a value", ["--permission-profile"], "--permission-profile has no value"],
    [
      "an option that would change what is allowed",
      ["--allow-network-for-proxy", "--", "true"],
      "`--allow-network-for-proxy` is not known",
    ],
    ["a profile that is no JSON", ["--permission-profile", "{", "--", "true"], "--permission-profile: EOF"],
    [
      "a profile that is none",
      ["--permission-profile", "{}", "--", "true"],
      "--permission-profile: missing field `type`",
    ],
    [
      "a profile with a mistake deep in it",
      [
        "--permission-profile",
        '{"type":"managed","network":"restricted","file_system":{"type":"restricted","entries":[{}]}}',
        "--",
        "true",
      ],
      "--permission-profile: missing field `path` (file_system.entries[0].path)",
    ],
    [
      "a relative cwd",
      ["--sandbox-policy-cwd", "w", ...options.slice(2), "--", "true"],
      "--sandbox-policy-cwd `w` is not absolute",
    ],
  ])("is refused and never run as it stands, with %s", (_, words, reason) => {
    const parse = () => parseWrapperCommand(["codex-linux-sandbox", ...words], null);
    expect(parse).toThrow(
      expect.objectContaining({
        code: -32602,
        message: expect.stringContaining(`the codex-linux-sandbox command cannot be read: ${reason}`),
      }),
    );
  });

  test("without a cwd is refused where the profile depends on one", () => {
    const words = ["--permission-profile", profile, "--", "true"];
    expect(() => parseWrapperCommand(["codex-linux-sandbox", ...words], null)).toThrow("requires cwd");
  });
});
