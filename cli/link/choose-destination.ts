import { lstatSync } from "node:fs";
import { join } from "node:path";
import type { ClientOptions } from "../../core/client/connect-client.ts";
import type { Target } from "../../core/client/target.ts";
import {
  type EnvironmentDefinition,
  type EnvironmentSnapshot,
  localId,
} from "../../core/environment/definition.ts";
import type { EnvironmentCapabilities } from "../../core/environment/environment-capabilities.ts";
import { EnvironmentsDisabledError } from "../../core/environment/environment-errors.ts";
import { codexHome, requireNamedHome } from "../../core/environment/provider/codex-home.ts";
import { refuseRegistration } from "../../core/environment/provider/refuse-registration.ts";
import { suggestion } from "../arguments/nearest.ts";
import { UsageError } from "../command.ts";
import { chooseTarget, type TargetChoice, urlVariable } from "./choose-target.ts";

export interface DestinationChoice extends TargetChoice {
  /** `-e`: the environment by its name. */
  readonly environment: string | undefined;
}

/** Where a command is to go. */
export interface Destination {
  readonly target: Target | "local";
  /** Absent where it was given as a URL. */
  readonly name?: string;
  /** Absent where it is an environment of the configuration. */
  readonly url?: string;
  /** What it may be used for; absent: everything. */
  readonly capabilities?: EnvironmentCapabilities;
  /** What is configured for its sessions. */
  readonly options: Pick<ClientOptions, "deadlines" | "resume" | "sessionTtlSeconds">;
}

/** What the environment of CODEX_EXEC_SERVER_URL is called. */
export const variableId = "remote";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The environment or the URL that was named; else the default of environments.toml where there is one, else what
 * CODEX_EXEC_SERVER_URL says. Throws UsageError, EnvironmentsDisabledError, DialError or what is wrong with the file.
 */
export async function chooseDestination(
  choice: DestinationChoice,
  variables: Variables,
): Promise<Destination> {
  const { environment, url } = choice;
  if (environment !== undefined && url !== undefined) {
    throw new UsageError("an environment and a URL are given: say one of them");
  }
  const byName = url === undefined && (environment !== undefined || isConfigured(variables));
  if (!byName) return withoutFile(choice, variables);
  if (choice.tokenFile !== undefined || choice.tls !== undefined) {
    throw new UsageError(
      "--token-file and --ca-file are for --url; of an environment codex-env.toml says it",
    );
  }
  const { loadSnapshot } = await import("../../core/environment/provider/load-snapshot.ts");
  return await destinationOf(loadSnapshot(variables), environment);
}

function withoutFile(choice: DestinationChoice, variables: Variables): Destination {
  // A URL says where to go, whatever else is set.
  if (choice.url === undefined) {
    refuseRegistration(variables);
    requireNamedHome(variables);
  }
  const target = chooseTarget(choice, variables);
  if (target === "local") return { target, name: localId, options: {} };
  if (choice.url !== undefined) return { target, url: choice.url, options: {} };
  return { target, name: variableId, url: variables[urlVariable] ?? "", options: {} };
}

/** Whether environments.toml is there, whatever is in it. */
function isConfigured(variables: Variables): boolean {
  const path = join(codexHome(variables), "environments.toml");
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Who cannot even look is told so when it is read.
    return true;
  }
}

async function destinationOf(snapshot: EnvironmentSnapshot, name: string | undefined): Promise<Destination> {
  const id = name ?? snapshot.defaultId;
  if (id === null) {
    throw new EnvironmentsDisabledError(
      `${snapshot.source} disables environments; name one with -e, or give a URL`,
    );
  }
  if (id === localId && snapshot.includeLocal) return { target: "local", name: id, options: {} };
  const definition = snapshot.definitions.find((candidate) => candidate.id === id);
  if (definition === undefined) throw unknown(id, snapshot);
  const { targetOf } = await import("../../core/environment/target-of.ts");
  const { transport, capabilities } = definition;
  return { target: targetOf(transport), name: id, capabilities, options: sessionOptions(definition) };
}

function sessionOptions({ transport, initializeTimeoutMs, reconnect }: EnvironmentDefinition) {
  const dial = transport.kind === "websocket" ? { dialMs: transport.connectTimeoutMs } : {};
  return {
    deadlines: { ...dial, initializeMs: initializeTimeoutMs },
    resume: reconnect.enabled,
    ...(reconnect.sessionTtlSeconds === undefined ? {} : { sessionTtlSeconds: reconnect.sessionTtlSeconds }),
  };
}

function unknown(id: string, { definitions, includeLocal }: EnvironmentSnapshot): UsageError {
  const known = [...(includeLocal ? ["local"] : []), ...definitions.map((definition) => definition.id)];
  return new UsageError(`unknown environment id ${JSON.stringify(id)}${hintFor(id, known)}`);
}

function hintFor(id: string, known: readonly string[]): string {
  // As other programs have it.
  if (id.includes("=")) return "; a variable is set with --env";
  if (id.startsWith("/")) return `; a Unix socket is written unix://${id}`;
  return suggestion(id, known) || "; codex-env env list tells which there are";
}
