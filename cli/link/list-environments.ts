import { localId } from "../../core/environment/definition.ts";
import { labelOf } from "../../core/environment/label-of.ts";
import { loadSnapshot } from "../../core/environment/provider/load-snapshot.ts";

export interface ListedEnvironment {
  readonly name: string;
  readonly isDefault: boolean;
  /** Where it is, for people. */
  readonly where: string;
}

/** Every environment that can be named, the default first. Throws EnvironmentConfigError or RegistrationRefusedError. */
export function listEnvironments(
  variables: Readonly<Record<string, string | undefined>>,
): readonly ListedEnvironment[] {
  const { definitions, includeLocal, defaultId } = loadSnapshot(variables);
  const listed = (name: string, where: string) => ({ name, isDefault: name === defaultId, where });
  const all = [
    ...(includeLocal ? [listed(localId, "this machine")] : []),
    ...definitions.map((definition) => listed(definition.id, labelOf(definition))),
  ];
  return all.sort((one, other) => Number(other.isDefault) - Number(one.isDefault));
}
