import type { SpawnHelper } from "../../../../core/filesystem/sandboxed/pool/helper-process.ts";
import { HelperSlots } from "../../../../core/filesystem/sandboxed/pool/helper-slots.ts";
import { FilesystemScope } from "../../../../core/filesystem/scope/filesystem-scope.ts";
import { createGuardedSpawner } from "../../../../core/process/local/guarded-spawner.ts";
import type { SpawnedProcess, Spawner, SpawnPlan } from "../../../../core/process/spawned-process.ts";
import { decodeParams, type FsMethodName } from "../../../../core/protocol/methods.ts";
import { RpcError } from "../../../../core/protocol/rpc-error.ts";
import { detectMechanism } from "../../../../core/sandbox/host/detect-mechanism.ts";
import type { Mechanism } from "../../../../core/sandbox/mechanism.ts";
import { helperSpawner } from "../../../../core/server/filesystem-helpers.ts";
import { sandboxFacts } from "../../../../core/server/sandbox-facts.ts";

export interface ConnectOptions {
  readonly deadlineMs?: number;
  /** A shell script that runs as the helper, in no sandbox: for helpers that misbehave. Null: the real one, this time. */
  readonly instead?: () => string | null;
}

/** The real thing: helpers are the built binary, in this machine's sandbox. */
export class SandboxedServer implements AsyncDisposable {
  readonly #mechanism: () => Promise<Mechanism>;
  readonly #spawner = createGuardedSpawner();
  readonly #slots = new HelperSlots();
  /** Every helper that was started. */
  readonly started: SpawnedProcess[] = [];

  constructor(mechanism: () => Promise<Mechanism> = detectMechanism) {
    this.#mechanism = mechanism;
  }

  connect({ deadlineMs = 20_000, instead = () => null }: ConnectOptions = {}): SandboxedScope {
    const spawner: Spawner = {
      spawn: async (plan) => {
        const process = await this.#spawner.spawn(replaced(plan, instead()));
        this.started.push(process);
        return process;
      },
    };
    return new SandboxedScope({
      spawn: helperSpawner(spawner, this.#mechanism),
      deadlineMs,
      slots: this.#slots,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#spawner[Symbol.asyncDispose]();
  }
}

function replaced(plan: SpawnPlan, script: string | null): SpawnPlan {
  if (script === null) return plan;
  const { cwd, stdio, inherited = [] } = plan;
  return { argv: ["/bin/sh", "-c", script], cwd, env: [["PATH", "/usr/bin:/bin"]], stdio, inherited };
}

/** One connection's requests. */
export class SandboxedScope implements Disposable {
  readonly #scope: FilesystemScope;

  constructor(source: {
    readonly spawn: SpawnHelper;
    readonly slots: HelperSlots;
    readonly deadlineMs: number;
  }) {
    this.#scope = new FilesystemScope({
      notify() {},
      sandbox: async () => ({ ...source, facts: () => sandboxFacts(undefined, "/root") }),
    });
  }

  /** The result, or the error as `code message`. */
  async call(method: FsMethodName, params: Readonly<Record<string, unknown>>): Promise<unknown> {
    try {
      // Sound: decodeParams checks what the test wrote, which is plain JSON.
      return await this.#scope.handle(
        method,
        decodeParams(method, params as Parameters<typeof decodeParams>[1]),
      );
    } catch (cause) {
      if (cause instanceof RpcError) return `${cause.code} ${cause.message}`;
      throw cause;
    }
  }

  /** The text of a file, or the error. */
  async read(path: string, sandbox: unknown): Promise<string> {
    const answer = await this.call("fs/readFile", { path: `file://${path}`, sandbox });
    if (typeof answer === "string") return answer;
    // An answer of fs/readFile has this one member.
    const { dataBase64 } = answer as { readonly dataBase64: string };
    return `ok:${Buffer.from(dataBase64, "base64").toString("utf8")}`;
  }

  /** `ok`, or the error. */
  async write(path: string, content: string, sandbox: unknown): Promise<string> {
    const dataBase64 = Buffer.from(content).toString("base64");
    return said(await this.call("fs/writeFile", { path: `file://${path}`, dataBase64, sandbox }));
  }

  /** `ok`, or the error. */
  async make(path: string, sandbox: unknown): Promise<string> {
    return said(await this.call("fs/createDirectory", { path: `file://${path}`, recursive: true, sandbox }));
  }

  [Symbol.dispose](): void {
    this.#scope[Symbol.dispose]();
  }
}

function said(answer: unknown): string {
  return typeof answer === "string" ? answer : "ok";
}

export const denied = "-32600 Permission denied (os error 13)";
export const absent = "-32004 No such file or directory (os error 2)";
export const readOnly = "-32603 Read-only file system (os error 30)";

export interface Entry {
  readonly path: Readonly<Record<string, unknown>>;
  readonly access: "read" | "write" | "deny";
}

export const rootRead: Entry = { path: { type: "special", value: { kind: "root" } }, access: "read" };
export const rootsWrite: Entry = {
  path: { type: "special", value: { kind: "project_roots" } },
  access: "write",
};
export const rootsRead: Entry = { ...rootsWrite, access: "read" };

export function onPath(path: string, access: Entry["access"]): Entry {
  return { path: { type: "path", path: `file://${path}` }, access };
}

export function denyGlob(pattern: string): Entry {
  return { path: { type: "glob_pattern", pattern }, access: "deny" };
}

/** A managed sandbox over a workspace. */
export function sandboxOf(workspace: string, ...entries: readonly Entry[]): unknown {
  return {
    permissions: {
      type: "managed",
      file_system: { type: "restricted", entries },
      network: "restricted",
    },
    cwd: `file://${workspace}`,
    workspaceRoots: [`file://${workspace}`],
    windowsSandboxLevel: "disabled",
  };
}
