import type { Command } from "./command.ts";

interface Entry {
  readonly name: string;
  /** Shown by `codex-env --help`, which loads no command. */
  readonly summary: string;
  load(): Promise<{ readonly default: Command }>;
}

/** Every command of `codex-env`. The code of one is loaded when it runs, so that starting stays cheap. */
export const commandTable: readonly Entry[] = [
  {
    name: "serve",
    summary: "Serve this machine to Codex as an exec-server",
    load: () => import("./serve/command.ts"),
  },
  {
    name: "connect",
    summary: "Type commands into an environment and see them run",
    load: () => import("./connect/command.ts"),
  },
  {
    name: "exec",
    summary: "Run one command in an environment",
    load: () => import("./exec/command.ts"),
  },
  {
    name: "cp",
    summary: "Copy files to and from an environment",
    load: () => import("./cp/command.ts"),
  },
  {
    name: "env",
    summary: "List, add, change and check the environments by name",
    load: () => import("./env/command.ts"),
  },
  {
    name: "status",
    summary: "List the environments, and your sessions and processes in them",
    load: () => import("./status/command.ts"),
  },
  {
    name: "attach",
    summary: "Go back to a process that was left running",
    load: () => import("./attach/command.ts"),
  },
  {
    name: "dial",
    summary: "Bridge stdin and stdout to an environment, whatever cuts the link",
    load: () => import("./dial/command.ts"),
  },
  {
    name: "doctor",
    summary: "Tell whether sandboxed work will run on this machine",
    load: () => import("./doctor/command.ts"),
  },
  {
    name: "sandbox",
    summary: "Run one command in a sandbox, on this machine",
    load: () => import("./sandbox/command.ts"),
  },
  {
    name: "fs",
    summary: "Run one filesystem request that comes as JSON on stdin",
    load: () => import("./fs/command.ts"),
  },
];
