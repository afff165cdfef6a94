import { describe, expect, test } from "bun:test";
import { parseJson } from "../../../core/protocol/json/parse.ts";
import { decodeParams } from "../../../core/protocol/methods.ts";
import { type SandboxKind, sandboxKind } from "../../../core/protocol/sandbox.ts";

function kindOf(sandbox: unknown): SandboxKind {
  const params = parseJson(JSON.stringify({ path: "file:///", sandbox }));
  return sandboxKind(decodeParams("fs/canonicalize", params).sandbox);
}

function profile(permissions: unknown): unknown {
  return { permissions, windowsSandboxLevel: "disabled" };
}

describe("what a request's sandbox asks for", () => {
  const restricted = { type: "restricted", entries: [] };
  const cases: [string, unknown, SandboxKind][] = [
    ["absent", undefined, "none"],
    ["null", null, "none"],
    ["disabled", profile({ type: "disabled" }), "unrestricted"],
    ["external", profile({ type: "external", network: "restricted" }), "unrestricted"],
    [
      "managed, unrestricted files",
      profile({ type: "managed", file_system: { type: "unrestricted" }, network: "enabled" }),
      "unrestricted",
    ],
    [
      "managed, restricted files",
      profile({ type: "managed", file_system: restricted, network: "enabled" }),
      "restricted",
    ],
    ["older: full access", { sandboxPolicy: { type: "danger-full-access" } }, "unrestricted"],
    ["older: external", { sandboxPolicy: { type: "external-sandbox" } }, "unrestricted"],
    ["older: read-only", { sandboxPolicy: { type: "read-only" }, cwd: "/" }, "restricted"],
    ["older: workspace", { sandboxPolicy: { type: "workspace-write", writable_roots: [] } }, "restricted"],
  ];
  for (const [name, sandbox, kind] of cases) {
    test(`${name}: ${kind}`, () => expect(kindOf(sandbox)).toBe(kind));
  }

  test("a context that is not understood, refused and never taken for an open one", () => {
    expect(() => kindOf({})).toThrow("missing field `permissions`");
    expect(() => kindOf({ permissions: { type: "disabled" } })).toThrow(
      "missing field `windowsSandboxLevel`",
    );
    expect(() => kindOf(profile({ type: "zzz" }))).toThrow("unknown variant `zzz`");
    expect(() => kindOf({ sandboxPolicy: { type: "zzz" } })).toThrow("unknown variant `zzz`");
    const both = { ...Object(profile({ type: "zzz" })), sandboxPolicy: { type: "danger-full-access" } };
    expect(() => kindOf(both)).toThrow("unknown variant `zzz`");
  });
});
