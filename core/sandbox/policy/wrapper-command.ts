import { JsonSyntaxError } from "../../protocol/json/json-syntax-error.ts";
import { parseJson } from "../../protocol/json/parse.ts";
import { PathUri } from "../../protocol/path/path-uri.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import { type Permissions, permissions } from "../../protocol/sandbox/permissions.ts";
import { decode, SchemaMistake } from "../../protocol/schema/decode.ts";
import { resolvePolicy } from "./resolve-policy.ts";
import type { SandboxPolicy } from "./sandbox-policy.ts";

/** The launcher's name on a client's own disk, which an executor does not have. */
const launcher = "codex-linux-sandbox";

/** What the launcher of an older client was to run, and under which policy. */
export interface WrapperCommand {
  readonly policy: SandboxPolicy;
  /** Where the command itself works; null: where the start says. */
  readonly commandCwd: string | null;
  readonly argv: string[];
}

interface Options {
  readonly cwd: string | null;
  readonly commandCwd: string | null;
  readonly profile: string | null;
  readonly argv: string[];
}

/**
 * Clients up to 0.131.0 wrap a command by themselves: argv[0], or arg0, is the `codex-linux-sandbox` of the client's
 * own disk and the policy stands among the arguments. Such a start asks for a sandbox although it carries no `sandbox`.
 */
export function isWrapperCommand(argv: readonly string[], arg0: string | null): boolean {
  return [argv[0], arg0].some((name) => name?.slice(name.lastIndexOf("/") + 1) === launcher);
}

/**
 * Reads such a command; null when it is none.
 * Throws {@link RpcError} (invalid params) when it cannot be read: it is never run as it stands.
 */
export function parseWrapperCommand(argv: readonly string[], arg0: string | null): WrapperCommand | null {
  if (!isWrapperCommand(argv, arg0)) return null;
  const options = readOptions(argv.slice(1));
  if (options.profile === null) throw mistake("--permission-profile is missing");
  if (options.argv.length === 0) throw mistake("there is no command behind --");
  const cwd = options.cwd === null ? null : place("--sandbox-policy-cwd", options.cwd);
  const policy = resolvePolicy(
    {
      permissions: readProfile(options.profile),
      cwd,
      workspaceRoots: cwd === null ? [] : [cwd],
      policyContext: null,
      userHomeDir: null,
      temporaryDirectories: null,
      sandboxOverride: "noOverride",
      windowsSandboxLevel: "disabled",
      windowsSandboxProxySettingsMode: null,
      useLegacyLandlock: false,
    },
    null,
  );
  if (options.commandCwd !== null) place("--command-cwd", options.commandCwd);
  return { policy, commandCwd: options.commandCwd, argv: options.argv };
}

/** Options that only choose how the launcher works, not what it allows. */
const idle = new Set(["--use-legacy-landlock", "--no-proc"]);

function readOptions(words: readonly string[]): Options {
  const values = new Map<string, string>();
  for (let index = 0; index < words.length; index++) {
    const option = words[index] ?? "";
    if (option === "--") {
      return {
        cwd: values.get("--sandbox-policy-cwd") ?? null,
        commandCwd: values.get("--command-cwd") ?? null,
        profile: values.get("--permission-profile") ?? null,
        argv: words.slice(index + 1),
      };
    }
    if (idle.has(option)) continue;
    if (!valued.has(option)) throw mistake(`\`${option}\` is not known`);
    const value = words[++index];
    if (value === undefined) throw mistake(`${option} has no value`);
    if (values.has(option)) throw mistake(`${option} is given twice`);
    values.set(option, value);
  }
  throw mistake("there is no --");
}

const valued = new Set(["--sandbox-policy-cwd", "--command-cwd", "--permission-profile"]);

function readProfile(json: string): Permissions {
  try {
    return decode(permissions(), parseJson(json));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError || error instanceof SchemaMistake)) throw error;
    throw mistake(`--permission-profile: ${error.message}${placeOf(error)}`);
  }
}

/** At the top of a profile the words alone say where. */
function placeOf(error: JsonSyntaxError | SchemaMistake): string {
  return error instanceof SchemaMistake && error.member.includes(".") ? ` (${error.member})` : "";
}

function place(option: string, path: string): PathUri {
  if (!path.startsWith("/")) throw mistake(`${option} \`${path}\` is not absolute`);
  return PathUri.parse(path);
}

function mistake(what: string): RpcError {
  return new RpcError(ErrorCode.invalidParams, `the ${launcher} command cannot be read: ${what}`);
}
