import type { Command } from "../command.ts";

export interface Subcommand {
  readonly name: string;
  readonly summary: string;
  load(): Promise<{ readonly default: Command }>;
}

/** Every command of `codex-env env`. */
export const subcommands: readonly Subcommand[] = [
  { name: "list", summary: "List the environments, the default first", load: () => import("./list.ts") },
  { name: "show", summary: "Show one environment in full", load: () => import("./show.ts") },
  { name: "add", summary: "Add an environment", load: () => import("./add.ts") },
  {
    name: "update",
    summary: "Put the present codex-env where an environment runs",
    load: () => import("./update.ts"),
  },
  { name: "remove", summary: "Remove an environment", load: () => import("./remove.ts") },
  { name: "default", summary: "Show or choose the default", load: () => import("./default.ts") },
  {
    name: "check",
    summary: "Connect to all of them and tell what is wrong",
    load: () => import("./check.ts"),
  },
  {
    name: "edit",
    summary: "Edit environments.toml and check what was written",
    load: () => import("./edit.ts"),
  },
];
