import { ConfigFault } from "./config-fault.ts";
import {
  boolean,
  type Decode,
  type Decoded,
  list,
  path,
  seconds,
  secret,
  secrets,
  string,
  strings,
  struct,
  structOrList,
} from "./decode-toml.ts";

const skills = structOrList("struct ScopedSkillsConfig", { required: strings }, ["required"]);

const fields = structOrList(
  "struct EnvironmentToml",
  {
    id: string,
    skills,
    url: string,
    auth_bearer_token: secret,
    program: string,
    args: strings,
    env: secrets,
    cwd: path,
    connect_timeout_sec: seconds,
    initialize_timeout_sec: seconds,
  },
  ["skills", "connect_timeout_sec", "initialize_timeout_sec"],
);

type Fields = ReturnType<typeof fields>;

/** One `[[environments]]` as it is written, its types checked and nothing else. */
export type EnvironmentEntry = Fields & { readonly id: string };

/** `environments.toml` as it is written. */
export const environmentsFile = struct("struct EnvironmentsToml", {
  default: string,
  include_local: boolean,
  environments: list(entry),
});

export type EnvironmentsFile = Decoded<{
  default: typeof string;
  include_local: typeof boolean;
  environments: Decode<readonly EnvironmentEntry[]>;
}>;

function entry(value: unknown): EnvironmentEntry {
  const decoded = fields(value);
  const { id } = decoded;
  if (id === undefined) throw new ConfigFault("missing field `id`", { at: [], kind: "shape" });
  return { ...decoded, id };
}
