import { limits } from "../../limits.ts";
import { ConfigFault } from "./config-fault.ts";
import {
  boolean,
  type Decode,
  type Decoded,
  path,
  secrets,
  string,
  strings,
  struct,
  tableOf,
} from "./decode-toml.ts";

const ssh = struct("struct Ssh", { destination: string, jump: strings });
const container = struct("struct Container", { engine, name: string });
const dial = struct("struct Dial", { program: string, args: strings, url: string });
const reconnect = struct("struct Reconnect", { enabled: boolean, session_ttl_sec: sessionTtl });

const extras = struct("struct EnvironmentExtras", {
  token_file: path,
  ca_file: path,
  headers: secrets,
  /** False: the environment may not be used for commands, or for files. */
  exec_enabled: boolean,
  filesystem_enabled: boolean,
  reconnect,
  /** What stands behind an entry whose program is `codex-env dial ID`. */
  dial,
  ssh,
  container,
});

/** What only codex-env knows of an environment: one `[environments.ID]` of `codex-env.toml`. */
export type EnvironmentExtras = ReturnType<typeof extras>;

/**
 * `codex-env.toml`, which lies beside `environments.toml` because the published client refuses a file that has keys it
 * does not know.
 */
export const extrasFile = struct("struct CodexEnvToml", { environments: tableOf(extras) });

export type ExtrasFile = Decoded<{
  environments: Decode<ReadonlyMap<string, EnvironmentExtras>>;
}>;

function engine(value: unknown): "docker" | "podman" | "kubectl" {
  const name = string(value);
  if (name === "docker" || name === "podman" || name === "kubectl") return name;
  throw new ConfigFault(`unknown engine \`${name}\`, expected one of \`docker\`, \`podman\`, \`kubectl\``, {
    at: [],
    kind: "shape",
  });
}

function sessionTtl(value: unknown): number {
  const seconds = typeof value === "bigint" ? Number(value) : 0;
  if (seconds >= 1 && seconds <= limits.sessionTtlMaxSeconds) return seconds;
  throw new ConfigFault(`session_ttl_sec is a whole number from 1 to ${limits.sessionTtlMaxSeconds}`, {
    at: [],
    kind: "shape",
  });
}
