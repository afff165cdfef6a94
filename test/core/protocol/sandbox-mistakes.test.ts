import { describe, expect, test } from "bun:test";
import { parseJson } from "../../../core/protocol/json/parse.ts";
import { decodeParams } from "../../../core/protocol/methods.ts";

const level = { windowsSandboxLevel: "disabled" };
const root = { type: "special", value: { kind: "root" } };

function restricted(entries: unknown, more: object = {}): object {
  return {
    permissions: {
      type: "managed",
      file_system: { type: "restricted", entries, ...more },
      network: "restricted",
    },
    ...level,
  };
}

function withPath(path: unknown, access: unknown = "read"): object {
  return restricted([{ path, access }]);
}

function withSpecial(value: unknown): object {
  return withPath({ type: "special", value });
}

function withDepth(glob_scan_max_depth: unknown): object {
  return restricted([], { glob_scan_max_depth });
}

/** The reference's words, each as recorded. */
const mistakes: readonly [string, unknown, string][] = [
  ["a text", "x", 'invalid type: string "x", expected struct WireFileSystemSandboxContext'],
  ["no permissions", {}, "missing field `permissions`"],
  ["a short array", [], "invalid length 0, expected struct WireFileSystemSandboxContext with 10 elements"],
  ["unnamed permissions", { permissions: {}, ...level }, "missing field `type`"],
  [
    "unknown permissions",
    { permissions: { type: "zzz" }, ...level },
    "unknown variant `zzz`, expected one of `managed`, `disabled`, `external`",
  ],
  ["external without network", { permissions: { type: "external" }, ...level }, "missing field `network`"],
  ["entries that are no list", restricted({}), "invalid type: map, expected a sequence"],
  ["entries as null", restricted(null), "invalid type: null, expected a sequence"],
  [
    "a text as entry",
    restricted(["x"]),
    'invalid type: string "x", expected struct ExecFileSystemSandboxEntry',
  ],
  ["an entry without access", restricted([{ path: root }]), "missing field `access`"],
  ["an entry without path", restricted([{ access: "read" }]), "missing field `path`"],
  [
    "a short entry in array form",
    restricted([[root]]),
    "invalid length 1, expected struct ExecFileSystemSandboxEntry with 3 elements",
  ],
  [
    "an unknown access",
    withPath(root, "zzz"),
    "unknown variant `zzz`, expected one of `read`, `write`, `deny`, `none`",
  ],
  [
    "an unknown behaviour",
    restricted([{ path: root, access: "read", missing_path_behavior: "zzz" }]),
    "unknown variant `zzz`, expected `skip`",
  ],
  [
    "a path as text",
    withPath("file:///x"),
    'invalid type: string "file:///x", expected internally tagged enum ExecFileSystemPath',
  ],
  [
    "an unknown path",
    withPath({ type: "zzz" }),
    "unknown variant `zzz`, expected one of `path`, `glob_pattern`, `special`",
  ],
  ["a path without its path", withPath({ type: "path" }), "missing field `path`"],
  [
    "a path of another scheme",
    withPath({ type: "path", path: "http://h/s" }),
    "unsupported path URI scheme `http`",
  ],
  ["a glob without a pattern", withPath({ type: "glob_pattern" }), "missing field `pattern`"],
  ["a special without value", withPath({ type: "special" }), "missing field `value`"],
  [
    "a special as text",
    withSpecial("root"),
    'invalid type: string "root", expected internally tagged enum FileSystemSpecialPath',
  ],
  ["a special without kind", withSpecial({}), "missing field `kind`"],
  [
    "an unknown kind",
    withSpecial({ kind: "zzz" }),
    "unknown variant `zzz`, expected one of `root`, `minimal`, `current_working_directory`, `project_roots`, `tmpdir`, `slash_tmp`, `unknown`",
  ],
  ["unknown without its name", withSpecial({ kind: "unknown" }), "missing field `path`"],
  ["a depth of 0", withDepth(0), "invalid value: integer `0`, expected a nonzero usize"],
  ["a depth below 0", withDepth(-1), "invalid value: integer `-1`, expected a nonzero usize"],
  ["a broken depth", withDepth(1.5), "invalid type: floating point `1.5`, expected a nonzero usize"],
  ["a depth as text", withDepth("1"), 'invalid type: string "1", expected a nonzero usize'],
  ["a cwd as number", { ...restricted([]), cwd: 5 }, "invalid type: number, expected a string"],
  [
    "workspace roots as null",
    { ...restricted([]), workspaceRoots: null },
    "invalid type: null, expected a sequence",
  ],
  [
    "a policy context as text",
    { ...restricted([]), policyContext: "x" },
    'invalid type: string "x", expected struct WireFileSystemPolicyContext',
  ],
  ["no level", { permissions: { type: "disabled" } }, "missing field `windowsSandboxLevel`"],
  [
    "an unknown legacy policy",
    { sandboxPolicy: { type: "zzz" } },
    "unknown variant `zzz`, expected one of `danger-full-access`, `external-sandbox`, `read-only`, `workspace-write`",
  ],
  [
    "an unknown reading of a legacy policy",
    { sandboxPolicy: { type: "read-only", access: { type: "zzz" } } },
    "unknown variant `zzz`, expected `restricted` or `full-access`",
  ],
];

function decoded(sandbox: unknown): unknown {
  return decodeParams("fs/canonicalize", parseJson(JSON.stringify({ path: "file:///", sandbox }))).sandbox;
}

describe("a sandbox that cannot be read is refused", () => {
  test.each(mistakes)("%s", (_, sandbox, message) => {
    expect(() => decoded(sandbox)).toThrow(expect.objectContaining({ code: -32602, message }));
  });
});

describe("the place of a mistake in a sandbox is told", () => {
  test.each([
    ["the whole", "x", "sandbox"],
    ["a missing member", {}, "sandbox.permissions"],
    ["a missing level", { permissions: { type: "disabled" } }, "sandbox.windowsSandboxLevel"],
    ["a kind of permissions", { permissions: { type: "zzz" }, ...level }, "sandbox.permissions.type"],
    ["the network", { permissions: { type: "external" }, ...level }, "sandbox.permissions.network"],
    [
      "a later entry's access",
      restricted([
        { path: root, access: "read" },
        { path: root, access: "zzz" },
      ]),
      "sandbox.permissions.file_system.entries[1].access",
    ],
    [
      "a special's kind",
      withSpecial({ kind: "zzz" }),
      "sandbox.permissions.file_system.entries[0].path.value.kind",
    ],
    ["a depth", withDepth(0), "sandbox.permissions.file_system.glob_scan_max_depth"],
    ["a workspace root", { ...restricted([]), workspaceRoots: [5] }, "sandbox.workspaceRoots[0]"],
    ["a legacy policy", { sandboxPolicy: { type: "zzz" } }, "sandbox.sandboxPolicy.type"],
  ])("%s", (_, sandbox, member) => {
    expect(() => decoded(sandbox)).toThrow(expect.objectContaining({ code: -32602, member }));
  });

  test("and that of any other mistake is not: the answer is the reference's", () => {
    const broken = { path: "file:///", sandbox: null, depth: 5, followDirectorySymlinks: 5 };
    expect(() => decodeParams("fs/walk", parseJson(JSON.stringify(broken)))).toThrow(
      expect.objectContaining({ code: -32602, member: undefined }),
    );
  });
});

describe("a sandbox that can be read", () => {
  test.each([
    ["none, the old name of deny", withPath(root, "none")],
    ["an access as a map", withPath(root, { read: null })],
    ["an entry in array form", restricted([[root, "read", null]])],
    ["a behaviour of null", restricted([{ path: root, access: "read", missing_path_behavior: null }])],
    ["members nobody knows", { ...restricted([]), foo: 1 }],
    ["a kind with members of another", withSpecial({ kind: "root", subpath: 5 })],
    ["a plain path, as old clients write it", withPath({ type: "path", path: "/s" })],
    ["an empty policy context", { ...restricted([]), policyContext: {} }],
    ["no depth", withDepth(null)],
  ])("%s", (_, sandbox) => {
    expect(decoded(sandbox)).toMatchObject({ useLegacyLandlock: false, sandboxOverride: "noOverride" });
  });
});
