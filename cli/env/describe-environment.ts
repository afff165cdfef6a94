import type { EnvironmentDefinition, EnvironmentSnapshot } from "../../core/environment/definition.ts";
import { localId } from "../../core/environment/definition.ts";
import { labelOf } from "../../core/environment/label-of.ts";
import { redactUrl, redactUserInfo } from "../../core/environment/redact-urls.ts";

/** One environment as `--json` gives it. Secrets are not in it. */
export type EnvironmentDescription = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly default: boolean;
  readonly kind: "local" | "remote";
  readonly where: string;
};

/** Every environment of a snapshot, the default first and this machine before the others. */
export function describeAll(snapshot: EnvironmentSnapshot): readonly EnvironmentDescription[] {
  const local = snapshot.includeLocal ? [describeLocal(snapshot)] : [];
  const all = [...local, ...snapshot.definitions.map((definition) => describe(definition, snapshot))];
  return all.sort((one, other) => Number(other.default) - Number(one.default));
}

function describeLocal({ defaultId }: EnvironmentSnapshot): EnvironmentDescription {
  return { id: localId, default: defaultId === localId, kind: "local", where: "this machine" };
}

function describe(
  definition: EnvironmentDefinition,
  { defaultId }: EnvironmentSnapshot,
): EnvironmentDescription {
  const { id, initializeTimeoutMs, requiredSkills, capabilities, reconnect, origin } = definition;
  return {
    id,
    default: defaultId === id,
    kind: "remote",
    where: labelOf(definition),
    ...describeTransport(definition),
    initializeTimeoutSeconds: initializeTimeoutMs / 1_000,
    requiredSkills,
    capabilities,
    reconnect,
    ...(origin === undefined ? {} : { origin }),
  };
}

function describeTransport({ transport }: EnvironmentDefinition): Readonly<Record<string, unknown>> {
  if (transport.kind === "command") {
    const [program, ...args] = transport.argv;
    return {
      program,
      args: args.map(redactUserInfo),
      // Values of variables may be secrets, and print as such.
      env: Object.fromEntries(transport.env),
      ...(transport.cwd === undefined ? {} : { cwd: transport.cwd }),
    };
  }
  const { token } = transport;
  return {
    url: redactUrl(transport.url.reveal()),
    headers: Object.fromEntries(transport.headers.map(({ name, value }) => [name, value])),
    connectTimeoutSeconds: transport.connectTimeoutMs / 1_000,
    ...(token === undefined
      ? {}
      : token.kind === "file"
        ? { tokenFile: token.path }
        : { token: token.token }),
    ...(transport.authoritiesFile === undefined ? {} : { caFile: transport.authoritiesFile }),
  };
}
