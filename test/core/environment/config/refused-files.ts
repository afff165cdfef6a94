/** A file and what the published client 0.169.0 says of it, after its prefix; null where it takes it. */
export interface JudgedFile {
  readonly text: string;
  /** Starting with `parse: ` where it names the file first. */
  readonly verdict: string | null;
  /** What we say instead, where the published client repeats what may be a secret. */
  readonly ours?: string;
  /** Where we say that it stands. */
  readonly at?: readonly [line: number, column: number];
  readonly suggestion?: string;
}

const entry = (lines: string): string => `[[environments]]\nid = "devbox"\n${lines}`;
const fields =
  "`id`, `skills`, `url`, `auth_bearer_token`, `program`, `args`, `env`, `cwd`, `connect_timeout_sec`, `initialize_timeout_sec`";
const shape = (detail: string, within?: string): string =>
  `parse: ${detail}${within === undefined ? "" : `\nin \`${within}\``}`;

/** Mistakes of shape: the first in the order of the file counts. */
export const misshapen: readonly JudgedFile[] = [
  {
    text: "bogus = 1\n",
    verdict: shape("unknown field `bogus`, expected one of `default`, `include_local`, `environments`"),
    at: [1, 1],
  },
  {
    text: "default = 1\nbogus = 2\n",
    verdict: shape("invalid type: integer `1`, expected a string", "default"),
  },
  {
    text: "# mine\n\nenviroments = []\n",
    verdict: shape("unknown field `enviroments`, expected one of `default`, `include_local`, `environments`"),
    at: [3, 1],
    suggestion: "environments",
  },
  {
    text: entry('progam = "x"\n'),
    verdict: shape(`unknown field \`progam\`, expected one of ${fields}`, "environments"),
    at: [3, 1],
    suggestion: "program",
  },
  {
    text: '[[environments]]\nurl = "ws://x"\n',
    verdict: shape("missing field `id`", "environments"),
    at: [1, 1],
  },
  {
    text: `${entry('program = "x"\n')}[[environments]]\nurl = 1\nid = 2\n`,
    verdict: shape("invalid type: integer `1`, expected a string", "environments.url"),
    at: [5, 1],
  },
  {
    text: "[[environments]]\nid = 1979-05-27\n",
    verdict: shape("invalid type: map, expected a string", "environments.id"),
  },
  {
    text: "[environments]\n",
    verdict: shape("invalid type: map, expected a sequence", "environments"),
    at: [1, 1],
  },
  {
    text: "environments = 3\n",
    verdict: shape("invalid type: integer `3`, expected a sequence", "environments"),
  },
  {
    text: "environments = [1]\n",
    verdict: shape("invalid type: integer `1`, expected struct EnvironmentToml", "environments"),
    at: [1, 17],
  },
  {
    text: 'include_local = "no"\n',
    verdict: shape('invalid type: string "no", expected a boolean', "include_local"),
  },
  {
    text: "default = 1.5e10\n",
    verdict: shape("invalid type: floating point `15000000000.0`, expected a string", "default"),
  },
  {
    text: "default = 1e-7\n",
    verdict: shape("invalid type: floating point `0.0000001`, expected a string", "default"),
  },
  {
    text: "default = -inf\n",
    verdict: shape("invalid type: floating point `-inf`, expected a string", "default"),
  },
  { text: "default = [nan]\n", verdict: shape("invalid type: sequence, expected a string", "default") },
  {
    text: entry('url = "ws://x"\nconnect_timeout_sec = "1"\n'),
    verdict: shape('invalid type: string "1", expected f64', "environments.connect_timeout_sec"),
    at: [4, 1],
  },
  {
    text: entry('url = "ws://x"\nconnect_timeout_sec = -1\n'),
    verdict: shape(
      "cannot convert float seconds to Duration: value is negative",
      "environments.connect_timeout_sec",
    ),
  },
  {
    text: entry('url = "ws://x"\ninitialize_timeout_sec = nan\n'),
    verdict: shape(
      "cannot convert float seconds to Duration: value is either too big or NaN",
      "environments.initialize_timeout_sec",
    ),
  },
  {
    text: entry('program = "x"\nargs = [\n  "a", # one\n  true,\n]\n'),
    verdict: shape("invalid type: boolean `true`, expected a string", "environments.args"),
    at: [6, 3],
  },
  {
    text: entry('program = "x"\n[environments.env]\nA = 1\n'),
    verdict: shape("invalid type: integer `1`, expected a string", "environments.env.A"),
    ours: shape("invalid type: integer `[redacted]`, expected a string", "environments.env.A"),
    at: [5, 1],
  },
  {
    text: entry('program = "x"\nenv = { A = "1", B = [] }\n'),
    verdict: shape("invalid type: sequence, expected a string", "environments.env.B"),
    at: [4, 18],
  },
  {
    text: entry("cwd = 1\n"),
    verdict: shape("invalid type: integer `1`, expected path string", "environments.cwd"),
  },
  {
    text: entry('url = "ws://x"\nauth_bearer_token = 12345\n'),
    verdict: shape("invalid type: integer `12345`, expected a string", "environments.auth_bearer_token"),
    ours: shape("invalid type: integer `[redacted]`, expected a string", "environments.auth_bearer_token"),
  },
  {
    text: entry('program = "x"\nenv = "A=sesame"\n'),
    verdict: shape('invalid type: string "A=sesame", expected a map', "environments.env"),
    ours: shape('invalid type: string "[redacted]", expected a map', "environments.env"),
  },
  {
    text: entry("skills = true\n"),
    verdict: shape("invalid type: boolean `true`, expected struct ScopedSkillsConfig", "environments.skills"),
  },
  {
    text: entry("[environments.skills]\nrequire = []\n"),
    verdict: shape("unknown field `require`, expected `required`", "environments.skills"),
    at: [4, 1],
    suggestion: "required",
  },
  // A list stands for a table with its values in the order of the fields.
  {
    text: entry('program = "x"\nskills = ["a"]\n'),
    verdict: shape('invalid type: string "a", expected a sequence', "environments.skills"),
    at: [4, 11],
  },
  {
    text: entry('program = "x"\nenv = []\n'),
    verdict: shape("invalid type: sequence, expected a map", "environments.env"),
  },
  {
    text: "environments = [[]]\n",
    verdict: shape("invalid length 0, expected struct EnvironmentToml with 10 elements", "environments"),
  },
  {
    text: 'environments = [["a"]]\n',
    verdict: shape("invalid length 2, expected struct EnvironmentToml with 10 elements", "environments"),
  },
  {
    text: 'environments = [["a", {}, 3]]\n',
    verdict: shape("invalid type: integer `3`, expected a string", "environments"),
    at: [1, 27],
  },
  {
    text: 'environments = [{ id = "a", url = "ws://x" }, { id = "b", urll = "" }]\n',
    verdict: shape(`unknown field \`urll\`, expected one of ${fields}`, "environments"),
    at: [1, 59],
    suggestion: "url",
  },
];

const id = (text: string): string => `[[environments]]\nid = ${JSON.stringify(text)}\nprogram = "x"\n`;
const url = (text: string, more = ""): string => entry(`url = ${JSON.stringify(text)}\n${more}`);
const address = (text: string, why: string): JudgedFile => ({
  text: url(text),
  verdict: `environment url \`${text}\` is invalid: HTTP format error: ${why}`,
  at: [3, 1],
});

/** Sound files that break a rule: entries in their order, then duplicates, then the default. */
export const againstTheRules: readonly JudgedFile[] = [
  { text: id(" "), verdict: "environment id cannot be empty", at: [2, 1] },
  { text: id(" devbox "), verdict: "environment id ` devbox ` must not contain surrounding whitespace" },
  { text: id("local"), verdict: "environment id `local` is reserved" },
  { text: id("None"), verdict: "environment id `None` is reserved" },
  {
    text: id("a".repeat(65)),
    verdict: `environment id \`${"a".repeat(65)}\` cannot be longer than 64 characters`,
  },
  {
    text: id("dev box"),
    verdict: "environment id `dev box` must contain only ASCII letters, numbers, '-' or '_'",
  },
  {
    text: entry('url = "ws://x"\nargs = []\n'),
    verdict: "environment `devbox` args, env, and cwd require program",
    at: [4, 1],
  },
  {
    text: entry('program = "x"\nauth_bearer_token = "t"\n'),
    verdict: "environment `devbox` auth_bearer_token requires url",
    at: [4, 1],
  },
  {
    text: entry('program = "x"\nconnect_timeout_sec = 1\n'),
    verdict: "environment `devbox` connect_timeout_sec requires url",
    at: [4, 1],
  },
  {
    text: 'environments = [["a", {}, "ws://x", "t", "p", [], {}, "c"]]\n',
    verdict: "environment `a` must set exactly one of url or program",
    at: [1, 17],
  },
  { text: entry(""), verdict: "environment `devbox` must set exactly one of url or program", at: [2, 1] },
  {
    text: entry('program = " "\nurl = "nonsense"\n'),
    verdict: "environment `devbox` must set exactly one of url or program",
    at: [3, 1],
  },
  { text: url(" "), verdict: "environment url cannot be empty" },
  { text: url("WS://x"), verdict: "environment url `WS://x` must use ws:// or wss://" },
  { text: url("unix:///x"), verdict: "environment url `unix:///x` must use ws:// or wss://" },
  address("ws://", "empty string"),
  address("ws:///x", "invalid format"),
  address("ws://?x", "invalid format"),
  address("ws://a b", "invalid uri character"),
  address("ws://a/b c", "invalid uri character"),
  address("ws://h<>", "invalid uri character"),
  address("ws://[::1", "invalid authority"),
  address("ws://h%20", "invalid authority"),
  {
    text: url("ws://10.0.0.1", 'auth_bearer_token = "x"\n'),
    verdict: "exec-server WebSocket headers require wss:// or a loopback destination",
    at: [4, 1],
  },
  {
    text: url("ws://localhost", 'auth_bearer_token = "a\\nb"\n'),
    verdict: "invalid value for exec-server WebSocket header `authorization`",
  },
  {
    text: url("ws://10.0.0.1", 'auth_bearer_token = "a\\nb"\n'),
    verdict: "exec-server WebSocket headers require wss:// or a loopback destination",
  },
  ...(
    [
      ["ws://:80", "empty host"],
      ["wss://h:99999", "invalid port number"],
      ["ws://h:abc", "invalid port number"],
      ["ws://[a]", "invalid IPv6 address"],
      ["ws://256.1.1.1", "invalid IPv4 address"],
      ["ws://xn--a", "invalid international domain name"],
    ] as const
  ).map(
    ([text, why]): JudgedFile => ({
      text: url(text, 'auth_bearer_token = "x"\n'),
      verdict: `invalid exec-server WebSocket URL: ${why}`,
      at: [3, 1],
    }),
  ),
  { text: entry('program = " "\n'), verdict: "environment `devbox` program cannot be empty" },
  { text: `default = "zz"\n${id("a")}${id("a")}`, verdict: "environment id `a` is duplicated", at: [6, 1] },
  { text: 'default = " "\n', verdict: "default environment id cannot be empty" },
  {
    text: `default = "devbx"\n${id("devbox")}`,
    verdict: "default environment `devbx` is not configured",
    at: [1, 1],
    suggestion: "devbox",
  },
  {
    text: 'include_local = false\ndefault = "local"\n',
    verdict: "default environment `local` is not configured",
    at: [2, 1],
  },
];

/** Files that are taken, odd as they look. */
export const taken: readonly JudgedFile[] = [
  "",
  "\uFEFF# nothing\n",
  'default = "NONE"\n',
  'default = " local "\n',
  id("remote"),
  id("Local"),
  `${id("a")}${id("A")}`,
  url(" ws://x "),
  url("ws://h:99999"),
  url("ws://h:abc"),
  url("ws://u:p@h/?q#f"),
  url("ws://a@b@c"),
  url("ws://h/ü%zz{\\\\"),
  url("ws://:80"),
  url("ws://LOCALHOST", 'auth_bearer_token = "a\\tb"\n'),
  url("ws://u@127.1:1", 'auth_bearer_token = " ü "\n'),
  url("ws://[::1]", 'auth_bearer_token = "x"\n'),
  url("wss://far", 'auth_bearer_token = ""\nconnect_timeout_sec = -0.0\n'),
  entry('program = "x"\nskills = {}\ninitialize_timeout_sec = 9223372036854775808\n'),
  entry('program = "x"\nskills = []\n'),
  entry('program = "x"\nskills = [["a"], 1]\n'),
  'environments = [ {id = "a",\n url = "ws://x",\n } ]\n',
].map((text) => ({ text, verdict: null }));

/** TOML that is none; of these the published client has other words. */
export const unparsable: readonly string[] = [
  "default = \n",
  "a = b\n",
  "x = 1\nx = 2\n",
  'default = "\\q"\n',
  "[[environments]\n",
  '[[environments]]\nid = "a"\nid = "b"\n',
  'default = "a\n',
  "[a]\n[a]\n",
];
