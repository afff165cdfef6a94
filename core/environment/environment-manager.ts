import type { Noise } from "../client/noise.ts";
import { idFault } from "./config/environment-id.ts";
import { type EnvironmentDefinition, type EnvironmentSnapshot, localId } from "./definition.ts";
import type { Environment } from "./environment.ts";
import { EnvironmentsDisabledError, UnknownEnvironmentError } from "./environment-errors.ts";
import { LocalEnvironment, type LocalEnvironmentOptions } from "./local-environment.ts";
import { didYouMean } from "./nearest-word.ts";
import { RemoteEnvironment } from "./remote-environment.ts";

export interface EnvironmentManagerOptions extends LocalEnvironmentOptions {
  /** Told of each line that the program of an environment prints beside its messages. */
  readonly heard?: (environmentId: string, noise: Noise) => void;
}

/**
 * The environments of one user by name, and which of them is meant where none is named. Nothing is connected before an
 * environment is used, and then once, however many use it at the same time.
 */
export class EnvironmentManager implements AsyncDisposable {
  /** This machine, for work of our own; there even where it is no environment of the user's. */
  readonly local: Environment;
  /** Null: none is meant unless it is named. */
  readonly defaultId: string | null;
  readonly #options: EnvironmentManagerOptions;
  readonly #environments = new Map<string, Environment>();
  /** Those that were replaced and may still be in somebody's hands are among them. */
  readonly #open = new Set<Environment>();
  #closed = false;

  /**
   * Throws {@link UnknownEnvironmentError} where the snapshot's default is none of its environments, and RangeError for
   * a name that none can have or that two have.
   */
  constructor(snapshot: EnvironmentSnapshot, options: EnvironmentManagerOptions) {
    this.#options = options;
    this.local = new LocalEnvironment(options);
    this.#open.add(this.local);
    if (snapshot.includeLocal) this.#environments.set(localId, this.local);
    for (const definition of snapshot.definitions) {
      if (this.#environments.has(definition.id))
        throw new RangeError(`environment id \`${definition.id}\` is duplicated`);
      this.put(definition);
    }
    this.defaultId = snapshot.defaultId;
    if (snapshot.defaultId !== null) this.get(snapshot.defaultId);
  }

  /** The default environment, be it dead: there is no other in its place. Throws {@link EnvironmentsDisabledError}. */
  get default(): Environment {
    if (this.defaultId !== null) return this.get(this.defaultId);
    throw new EnvironmentsDisabledError("environments are disabled; name one to use it nevertheless");
  }

  /** The environment of this name: the same one each time, until it is replaced. Throws {@link UnknownEnvironmentError}. */
  get(id: string): Environment {
    const found = this.#environments.get(id);
    if (found !== undefined) return found;
    throw new UnknownEnvironmentError(
      `unknown environment id \`${id}\`${didYouMean(id, this.#environments.keys())}`,
    );
  }

  /** All of them, the default first. */
  list(): readonly Environment[] {
    const all = [...this.#environments.values()];
    return all.sort((one, other) => Number(other.id === this.defaultId) - Number(one.id === this.defaultId));
  }

  /**
   * Adds an environment, or replaces the one of its name: who holds the old one keeps it. The default stays what it
   * is. Throws RangeError for a name that none can have. Once the manager is closed, so is what is added.
   */
  put(definition: EnvironmentDefinition): Environment {
    const { clientName, heard } = this.#options;
    const { id } = definition;
    const fault = idFault(id);
    if (fault !== undefined) throw new RangeError(fault);
    const environment = new RemoteEnvironment(definition, {
      clientName,
      ...(heard === undefined ? {} : { heard: (noise) => heard(id, noise) }),
    });
    if (this.#closed) void environment.close();
    else this.#open.add(environment);
    this.#environments.set(id, environment);
    return environment;
  }

  /** Closes every environment that it ever handed out, and resolves when nothing is left of them. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#open].map((environment) => environment.close()));
    this.#open.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
