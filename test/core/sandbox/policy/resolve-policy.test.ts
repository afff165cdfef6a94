import { describe, expect, test } from "bun:test";
import { policyOf } from "../plan/policies.ts";

const level = { windowsSandboxLevel: "disabled" };
const projectRoots = { type: "special", value: { kind: "project_roots" } };

function context(paths: readonly unknown[], more: object = {}): object {
  const entries = paths.map((path) => ({ path, access: "deny" }));
  const file_system = { type: "restricted", entries };
  return { permissions: { type: "managed", file_system, network: "enabled" }, ...level, ...more };
}

const places = { cwd: "file:///w", workspaceRoots: ["file:///w", "file:///x"] };

describe("the policy of a request", () => {
  test("restricts nothing, or only the network, where somebody else does", () => {
    expect(policyOf({ permissions: { type: "disabled" }, ...level })).toEqual({ kind: "disabled" });
    const external = { permissions: { type: "external", network: "restricted" }, ...level };
    expect(policyOf(external)).toEqual({ kind: "external", network: "restricted" });
  });

  test("with unrestricted files is the whole disk for writing", () => {
    const permissions = { type: "managed", file_system: { type: "unrestricted" }, network: "restricted" };
    expect(policyOf({ permissions, ...level })).toMatchObject({
      kind: "managed",
      entries: [{ target: { kind: "root" }, access: "write" }],
      network: "restricted",
    });
  });

  test("names its places as paths of this machine", () => {
    const paths = [
      { type: "path", path: "file:///a%20b/../c" },
      { type: "glob_pattern", pattern: "~/*.env" },
      { type: "special", value: { kind: "slash_tmp" } },
      { type: "special", value: { kind: "current_working_directory", subpath: "sub" } },
      { type: "special", value: { kind: "unknown", path: ":zzz" } },
    ];
    expect(policyOf(context(paths, { ...places, userHomeDir: "file:///home/u" }))).toEqual({
      kind: "managed",
      entries: [
        { target: { kind: "path", path: "/c" }, access: "deny" },
        { target: { kind: "glob", pattern: "~/*.env" }, access: "deny" },
        { target: { kind: "slashTmp" }, access: "deny" },
        { target: { kind: "projectRoots", subpath: "sub" }, access: "deny" },
        { target: { kind: "unknown" }, access: "deny" },
      ],
      globScanMaxDepth: null,
      network: "enabled",
      cwd: "/w",
      workspaceRoots: ["/w", "/x"],
      home: "/home/u",
    });
  });

  test("takes cwd and workspace roots from the policy context first, empty roots included", () => {
    const inner = { cwd: "file:///inner", workspaceRoots: [] };
    const policy = policyOf(context([projectRoots], { ...places, policyContext: inner }));
    expect(policy).toMatchObject({ cwd: "/inner", workspaceRoots: [] });
  });

  test("takes the cwd of the request itself where the sandbox names none", () => {
    expect(policyOf(context([projectRoots]), "/p")).toMatchObject({ cwd: "/p", workspaceRoots: [] });
    expect(policyOf(context([projectRoots], places), "/p")).toMatchObject({ cwd: "/w" });
  });

  test.each([
    ["project roots", projectRoots],
    ["a relative glob", { type: "glob_pattern", pattern: "**/*.env" }],
    ["a glob from home", { type: "glob_pattern", pattern: "~/*.env" }],
    ["a glob from the workspace roots", { type: "glob_pattern", pattern: "codex-project-roots://*.env" }],
  ])("is refused without any cwd when an entry depends on one: %s", (_, path) => {
    const message = "file system sandbox context with dynamic permissions requires cwd";
    expect(() => policyOf(context([path]))).toThrow(expect.objectContaining({ code: -32602, message }));
  });

  test("needs no cwd for what depends on none", () => {
    const absolute = { type: "glob_pattern", pattern: "/w/*.env" };
    expect(policyOf(context([absolute, { type: "special", value: { kind: "tmpdir" } }]))).toMatchObject({
      cwd: null,
    });
  });

  test.each([
    [
      "an entry",
      context([{ type: "path", path: "file://h/s" }]),
      -32600,
      "invalid sandbox permission path URI: 'file://h/s' is invalid on 'linux'",
    ],
    [
      "a workspace root",
      context([], { workspaceRoots: ["file://h/s"] }),
      -32600,
      "file system sandbox workspace root is not native to this exec-server host: 'file://h/s' is invalid on 'linux'",
    ],
    ["the cwd", context([], { cwd: "file://h/s" }), -32600, "'file://h/s' is invalid on 'linux'"],
    [
      "an entry in bytes that are no text",
      context([{ type: "path", path: "file:///s/%ff" }]),
      -32602,
      "invalid sandbox permission path URI: '/s/\ufffd' is not UTF-8, and a sandbox speaks of paths by their text",
    ],
  ])("is refused when a place is none of this machine: %s", (_, sandbox, code, message) => {
    expect(() => policyOf(sandbox)).toThrow(expect.objectContaining({ code, message }));
  });

  test("with a home elsewhere is refused only where a glob starts there", () => {
    const elsewhere = { ...places, userHomeDir: "file://h/home" };
    expect(policyOf(context([projectRoots], elsewhere))).toMatchObject({ home: null });
    expect(() => policyOf(context([{ type: "glob_pattern", pattern: "~/x" }], elsewhere))).toThrow(
      "is invalid on 'linux'",
    );
  });
});

describe("the policy of an older client", () => {
  const root = { target: { kind: "root" }, access: "read" };
  const workspace = { kind: "projectRoots", subpath: null };

  test.each<[string, object, readonly unknown[], string]>([
    ["read-only", { type: "read-only" }, [root], "restricted"],
    ["read-only with network", { type: "read-only", network_access: true }, [root], "enabled"],
    [
      "read-only, reading restricted",
      { type: "read-only", access: { type: "restricted", readable_roots: ["/r"] } },
      [
        { target: workspace, access: "read" },
        { target: { kind: "minimal" }, access: "read" },
        { target: { kind: "path", path: "/r" }, access: "read" },
      ],
      "restricted",
    ],
    [
      "read-only, without the platform's defaults",
      { type: "read-only", access: { type: "restricted", include_platform_defaults: false } },
      [{ target: workspace, access: "read" }],
      "restricted",
    ],
    [
      "workspace-write",
      { type: "workspace-write", writable_roots: ["/more"], network_access: true },
      [
        root,
        { target: workspace, access: "write" },
        { target: { kind: "slashTmp" }, access: "write" },
        { target: { kind: "tmpdir" }, access: "write" },
        { target: { kind: "path", path: "/more" }, access: "write" },
      ],
      "enabled",
    ],
    [
      "workspace-write without temporary directories",
      { type: "workspace-write", exclude_slash_tmp: true, exclude_tmpdir_env_var: true },
      [root, { target: workspace, access: "write" }],
      "restricted",
    ],
  ])("%s becomes what a client of today sends", (_, sandboxPolicy, entries, network) => {
    const policy = policyOf({ sandboxPolicy, sandboxPolicyCwd: "/w", ...level });
    expect(policy).toMatchObject({ kind: "managed", entries, network, cwd: "/w", workspaceRoots: ["/w"] });
  });

  test("that restricts nothing stays so", () => {
    expect(policyOf({ sandboxPolicy: { type: "danger-full-access" } })).toEqual({ kind: "disabled" });
    const external = { sandboxPolicy: { type: "external-sandbox", network_access: "enabled" } };
    expect(policyOf(external)).toEqual({ kind: "external", network: "enabled" });
  });

  test("counts by its entries where it has some beside it", () => {
    const entry = { path: { type: "path", path: "/w/secret" }, access: "none" };
    const fileSystemSandboxPolicy = { kind: "restricted", entries: [entry] };
    const entries = [{ target: { kind: "path", path: "/w/secret" }, access: "deny" }];
    expect(policyOf({ sandboxPolicy: { type: "read-only" }, fileSystemSandboxPolicy })).toMatchObject({
      entries,
    });
    const full = { sandboxPolicy: { type: "danger-full-access" }, fileSystemSandboxPolicy };
    expect(policyOf(full)).toMatchObject({ kind: "managed", entries, network: "enabled" });
  });

  test("without its workspace is refused where it depends on one", () => {
    expect(policyOf({ sandboxPolicy: { type: "read-only" } })).toMatchObject({ kind: "managed", cwd: null });
    expect(() => policyOf({ sandboxPolicy: { type: "workspace-write" } })).toThrow("requires cwd");
  });
});
