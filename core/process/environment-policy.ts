import type { EnvPolicy, ProcessMetadata } from "../protocol/params/process.ts";
import type { StringPairs } from "../protocol/schema/string-map.ts";
import { coversName } from "./environment-pattern.ts";

/** What a child's environment is made of. */
export interface EnvironmentSources {
  /** The server's own variables. */
  readonly server: StringPairs;
  /** Absent: nothing of the server's is handed on. */
  readonly policy: EnvPolicy | null;
  /** The request's own variables. */
  readonly env: StringPairs;
  readonly metadata: ProcessMetadata | null;
  /** The account's shell, which a terminal session finds in SHELL; null for pipes. */
  readonly terminalShell: string | null;
}

const coreNames = new Set("PATH SHELL TMPDIR TEMP TMP HOME LANG LC_ALL LC_CTYPE LOGNAME USER".split(" "));
/** What looks like a secret stays behind unless the policy says otherwise. */
const secretPatterns = ["*KEY*", "*SECRET*", "*TOKEN*"];
/** Credentials and switches of the server itself; no source may set them, however their case is written. */
const forbiddenNames = new Set([
  "CODEX_EXEC_SERVER_EXIT_ON_STDIN_CLOSE",
  "CODEX_EXEC_SERVER_NOISE_AUTH_TOKEN",
  "CODEX_GUARDIAN_DECISIONS_API_KEY",
  "NODE_REPL_AUTH_TOKEN",
  "OPENAI_FEDERATION_RULE_ID",
  "OPENAI_IDENTITY_TOKEN_FILE",
  "OPENAI_WORKLOAD_IDENTITY_CONTEXT",
]);
/** Comes from a request's metadata alone; the reference knows it by this case only. */
const toolCallName = "CODEX_TOOL_CALL_ID";
/** Switches of the runtime that the server is built with: they would turn a child that is built alike into another program. */
const runtimeNames = new Set(["BUN_BE_BUN", "BUN_OPTIONS"]);

/** A child's whole environment, each name once. The steps and their order are the reference's. */
export function childEnvironment(sources: EnvironmentSources): [name: string, value: string][] {
  const { policy, metadata, terminalShell } = sources;
  const variables = new Map(policy === null ? [] : inherit(sources.server, policy));
  for (const [name, value] of sources.env) variables.set(name, value);
  for (const name of [...variables.keys()]) {
    if (name === toolCallName || forbiddenNames.has(name.toUpperCase())) variables.delete(name);
  }
  if (terminalShell !== null && !variables.has("SHELL")) variables.set("SHELL", terminalShell);
  if (metadata?.threadId) variables.set("CODEX_THREAD_ID", metadata.threadId);
  if (typeof metadata?.toolCallId === "string") variables.set(toolCallName, metadata.toolCallId);
  return [...variables];
}

function inherit(server: StringPairs, policy: EnvPolicy): Map<string, string> {
  const excludes = policy.ignoreDefaultExcludes ? policy.exclude : [...secretPatterns, ...policy.exclude];
  const kept = new Map<string, string>();
  for (const [name, value] of server) {
    if (isInherited(name, policy.inherit) && !isCovered(name, excludes)) kept.set(name, value);
  }
  for (const [name, value] of policy.set) kept.set(name, value);
  if (policy.includeOnly.length === 0) return kept;
  return new Map([...kept].filter(([name]) => isCovered(name, policy.includeOnly)));
}

function isInherited(name: string, which: EnvPolicy["inherit"]): boolean {
  if (which === "none" || runtimeNames.has(name)) return false;
  return which === "all" || coreNames.has(name.toUpperCase());
}

function isCovered(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => coversName(pattern, name));
}
