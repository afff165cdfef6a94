import { mkdirSync, rmSync } from "node:fs";
import { root } from "../root.ts";

const home = `${root}/.cache/gate/home`;

/** Variables that would have login shells and programs read this user's settings. */
const personal = ["BASH_ENV", "ENV", "ZDOTDIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"];

/**
 * What stages inherit: an empty home, since the published client runs commands in login shells and this user's
 * may do anything; nothing of Bun's own and nothing of Codex's. npm still finds its registry.
 */
export function stageEnvironment(): Record<string, string | undefined> {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const inherited = Object.entries(process.env).filter(
    ([name]) => !personal.includes(name) && !/^(BUN_|CODEX_(?!BIN$))/.test(name),
  );
  const userConfig = process.env["npm_config_userconfig"] ?? `${process.env["HOME"]}/.npmrc`;
  return { ...Object.fromEntries(inherited), HOME: home, npm_config_userconfig: userConfig };
}
