import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { answer } from "./exchange.ts";
import { type StartMembers, start } from "./process-run.ts";

export const environmentPolicyCases: Case[] = [];
const add = addTo(environmentPolicyCases);

type Members = Readonly<Record<string, unknown>>;

const policy = (members: Members = {}): Members => ({
  inherit: "all",
  ignoreDefaultExcludes: true,
  exclude: [],
  set: {},
  includeOnly: [],
  ...members,
});

/** The server's own search path has private directories before the one it was given; only the latter is compared. */
function withoutPrivateDirectories(variable: string): string {
  if (!variable.startsWith("PATH=/")) return variable;
  const at = variable.indexOf("/usr/local/sbin");
  return at < 0 ? variable : `PATH=${variable.slice(at)}`;
}

/** The child's whole environment, sorted. */
async function childEnvironment(t: CaseContext, members: StartMembers): Promise<unknown> {
  const client = await t.client();
  const reply = await client.call(
    "process/start",
    start("p", ["/usr/bin/env", "-0"], { env: {}, ...members }),
  );
  if (reply.error) return answer(reply);
  await client.waitProcessClosed("p");
  await client.waitExited("p");
  const variables = client
    .outputOf("p")
    .split("\0")
    .filter((text) => text !== "");
  return variables.map(withoutPrivateDirectories).sort();
}

const policies: Readonly<Record<string, Members>> = {
  inherit_all: {},
  inherit_core: { inherit: "core" },
  inherit_none: { inherit: "none" },
  default_excludes: { ignoreDefaultExcludes: false },
  default_excludes_core: { inherit: "core", ignoreDefaultExcludes: false },
  exclude_exact: { exclude: ["FOO"] },
  exclude_ignores_case: { exclude: ["foo", "mykey_LOWER"] },
  exclude_star: { exclude: ["*O*"] },
  exclude_star_alone: { exclude: ["*"] },
  exclude_prefix: { exclude: ["CODEX*", "LC_*"] },
  exclude_question_mark: { exclude: ["FO?", "?AR"] },
  exclude_question_mark_needs_a_character: { exclude: ["FOO?"] },
  exclude_is_the_whole_name: { exclude: ["FO"] },
  exclude_empty_pattern: { exclude: [""] },
  exclude_brackets_are_literal: { exclude: ["[FB]*", "{FOO,BAR}", "F.O", "FOO|BAR", "^FOO$"] },
  exclude_with_space: { exclude: ["WEIRD NAME"] },
  set: { set: { A: "1", FOO: "changed" } },
  set_escapes_excludes: { exclude: ["FOO"], set: { FOO: "set" } },
  set_escapes_default_excludes: { ignoreDefaultExcludes: false, set: { MY_TOKEN: "t" } },
  set_empty_value: { set: { FOO: "" } },
  include_only: { includeOnly: ["FOO", "BA?"] },
  include_only_filters_set: { includeOnly: ["FOO"], set: { OTHER: "x" } },
  include_only_star: { includeOnly: ["*"] },
  include_only_empty_pattern: { includeOnly: [""] },
  include_only_matching_nothing: { includeOnly: ["NOPE"] },
  include_only_and_core: { inherit: "core", includeOnly: ["P*", "HOME"] },
  forbidden_name_in_set: {
    inherit: "none",
    set: { OPENAI_FEDERATION_RULE_ID: "x", openai_identity_token_file: "y" },
  },
  unknown_member: { zzz: 1 },
};
for (const [name, members] of Object.entries(policies)) {
  add(`env.${name}`, (t) => childEnvironment(t, { envPolicy: policy(members) }));
}

const overlays: Readonly<Record<string, StartMembers>> = {
  request_env_over_policy: { envPolicy: policy({ exclude: ["FOO"] }), env: { FOO: "mine", NEW: "1" } },
  request_env_escapes_include_only: {
    envPolicy: policy({ includeOnly: ["FOO"] }),
    env: { OTHER: "1", MY_SECRET: "2" },
  },
  request_env_over_set: { envPolicy: policy({ inherit: "none", set: { A: "set" } }), env: { A: "request" } },
  forbidden_names_in_request_env: {
    env: {
      CODEX_EXEC_SERVER_NOISE_AUTH_TOKEN: "1",
      CODEX_GUARDIAN_DECISIONS_API_KEY: "2",
      NODE_REPL_AUTH_TOKEN: "3",
      OPENAI_FEDERATION_RULE_ID: "4",
      OPENAI_IDENTITY_TOKEN_FILE: "5",
      OPENAI_WORKLOAD_IDENTITY_CONTEXT: "6",
      CODEX_EXEC_SERVER_EXIT_ON_STDIN_CLOSE: "7",
      CODEX_TOOL_CALL_ID: "8",
      codex_tool_call_id: "9",
      OPENAI_API_KEY: "kept",
    },
  },
  bun_switches_of_the_request_are_kept: { env: { BUN_BE_BUN: "1", BUN_OPTIONS: "--smol" } },
  tty_and_policy: { tty: true, envPolicy: policy({ includeOnly: ["FOO"] }) },
  metadata_over_policy: {
    envPolicy: policy({ inherit: "none" }),
    metadata: { threadId: "c6cc1b5f-e605-4d3e-a486-a36bc912e690", toolCallId: "call-1" },
  },
};
for (const [name, members] of Object.entries(overlays))
  add(`env.${name}`, (t) => childEnvironment(t, members));

const bad: Readonly<Record<string, unknown>> = {
  empty_object: {},
  string: "all",
  array: [],
  inherit_unknown: policy({ inherit: "some" }),
  inherit_null: policy({ inherit: null }),
  inherit_number: policy({ inherit: 1 }),
  ignore_default_excludes_string: policy({ ignoreDefaultExcludes: "no" }),
  exclude_string: policy({ exclude: "FOO" }),
  exclude_number_inside: policy({ exclude: [1] }),
  set_array: policy({ set: [] }),
  set_number_value: policy({ set: { A: 1 } }),
  include_only_null: policy({ includeOnly: null }),
  positional: ["all", true, [], {}, []],
};
for (const [name, envPolicy] of Object.entries(bad)) {
  add(`env.bad.${name}`, (t) => childEnvironment(t, { envPolicy }));
}
for (const name of ["inherit", "ignoreDefaultExcludes", "exclude", "set", "includeOnly"]) {
  add(`env.missing.${name}`, (t) => {
    const members = Object.entries(policy()).filter(([member]) => member !== name);
    return childEnvironment(t, { envPolicy: Object.fromEntries(members) });
  });
}
