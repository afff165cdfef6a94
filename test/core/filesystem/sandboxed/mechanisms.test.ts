import { afterAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { landlockAbi } from "../../../../core/sandbox/host/kernel-facts.ts";
import { Workspace } from "../../../core/sandbox/plan/workspace.ts";
import {
  absent,
  onPath,
  readOnly,
  rootRead,
  rootsRead,
  rootsWrite,
  SandboxedServer,
  sandboxOf,
} from "./sandboxed-scope.ts";

const workspace = new Workspace();
afterAll(() => workspace[Symbol.dispose]());
const at = (name: string) => `${workspace.ws}/${name}`;
const abi = landlockAbi();

describe.if(abi >= 6)("on a machine with Landlock alone", () => {
  const server = new SandboxedServer(async () => ({ kind: "landlock", abi, reason: "for the test" }));
  afterAll(() => server[Symbol.asyncDispose]());

  test("what Landlock can hold exactly is served, by a helper that it holds", async () => {
    using connection = server.connect();
    const sandbox = sandboxOf(workspace.ws, rootsRead);
    expect(await connection.read(at("a.txt"), sandbox)).toBe("ok:inside");
    expect(await connection.read(`${workspace.out}/o.txt`, sandbox)).toBe(absent);
    expect(await connection.write(at("n.txt"), "x", sandbox)).toBe(readOnly);
    expect(server.started).toHaveLength(1);
  });

  test("what it cannot is refused, and nothing is done", async () => {
    using connection = server.connect();
    const sandbox = sandboxOf(workspace.ws, rootRead, rootsWrite, onPath(at("priv"), "deny"));
    const refusal = await connection.write(at("n.txt"), "x", sandbox);
    expect(refusal).toStartWith("-32603 failed to prepare fs sandbox: ");
    expect(await connection.read(at("priv/p.txt"), sandbox)).toBe(refusal);
    expect(existsSync(at("n.txt"))).toBe(false);
  });
});

describe("on a machine that can hold no sandbox", () => {
  const server = new SandboxedServer(async () => ({ kind: "none", reason: "the kernel is too old" }));
  afterAll(() => server[Symbol.asyncDispose]());

  test("what restricts is refused with the reason, what does not is served", async () => {
    using connection = server.connect();
    const refused = "-32603 failed to prepare fs sandbox: the kernel is too old";
    expect(await connection.read(at("a.txt"), sandboxOf(workspace.ws, rootsRead))).toBe(refused);
    const readOnlyDisk = sandboxOf(workspace.ws, rootRead);
    expect(await connection.read(at("a.txt"), readOnlyDisk)).toBe("ok:inside");
    expect(await connection.write(at("n.txt"), "x", readOnlyDisk)).toBe(refused);
    expect(existsSync(at("n.txt"))).toBe(false);
    const all = sandboxOf(workspace.ws, { ...rootRead, access: "write" });
    expect(await connection.write(at("n.txt"), "x", all)).toBe("ok");
    expect(server.started).toHaveLength(0);
  });
});
