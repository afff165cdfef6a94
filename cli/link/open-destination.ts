import type { ClientOptions } from "../../core/client/connect-client.ts";
import { describeTarget } from "../../core/client/target.ts";
import { EnvironmentConfigError } from "../../core/environment/config/config-error.ts";
import { EnvironmentUnavailableError } from "../../core/environment/environment-errors.ts";
import { RegistrationRefusedError } from "../../core/environment/provider/refuse-registration.ts";
import { limits } from "../../core/limits.ts";
import { noticeSoon } from "../terminal/notice-soon.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { chooseDestination, type Destination, type DestinationChoice } from "./choose-destination.ts";
import { plainFailure } from "./failure.ts";
import { type OpenSession, openSession } from "./open-session.ts";
import { placingServer } from "./placing-server.ts";
import { requireCapabilities, type Use } from "./require-capabilities.ts";
import { parseSessionTtl } from "./session-options.ts";

export interface OpeningOptions {
  readonly clientName: string;
  /** `--session-ttl` as typed. */
  readonly sessionTtl?: string | undefined;
  /** How long a session should outlive a cut link where neither the flag nor the configuration says it, s. */
  readonly usualTtlSeconds?: number;
  readonly resume: boolean;
  readonly resumeSessionId?: string;
  /** Where it has to be, as {@link OpenDestination.where} says it: nothing is said to another machine. */
  readonly onlyAt?: string;
  /** What will be done there. */
  readonly uses: readonly Use[];
  readonly onState: NonNullable<ClientOptions["onState"]>;
  readonly signal?: AbortSignal;
  /** Says a sentence to the user. */
  note(sentence: string): void;
}

/** A session, and where it is. */
export interface OpenDestination extends OpenSession {
  readonly destination: Destination;
  /** The machine that is meant, for people and for telling one from another: free of secrets. */
  readonly where: string;
}

/**
 * Opens a session where the user wants it. Rejects as openSession does, with the environment's name where it has one,
 * and with what is wrong with the choice.
 */
export async function openDestination(
  choice: DestinationChoice,
  options: OpeningOptions,
): Promise<OpenDestination> {
  const given = options.sessionTtl === undefined ? undefined : parseSessionTtl(options.sessionTtl);
  const complaints: string[] = [];
  const destination = await naming(choice.environment, complaints, () =>
    chooseDestination(choice, process.env),
  );
  requireCapabilities(destination, options.uses);
  const { name, options: configured } = destination;
  const where = destination.target === "local" ? "this machine" : describeTarget(destination.target);
  if (options.onlyAt !== undefined && where !== options.onlyAt) {
    throw new EnvironmentUnavailableError(
      name ?? where,
      `it is at ${where} by now, no longer at ${options.onlyAt}`,
    );
  }
  const sessionTtlSeconds = given ?? configured.sessionTtlSeconds ?? options.usualTtlSeconds;
  const open = async (target: Destination["target"]) => {
    using _notice = noticeSoon(() =>
      options.note(`still connecting to ${sanitise(name ?? where)}; Ctrl-C gives up`),
    );
    return await openSession(target, {
      clientName: options.clientName,
      ...configured,
      ...(sessionTtlSeconds === undefined ? {} : { sessionTtlSeconds }),
      resume: options.resume && configured.resume !== false,
      ...(options.resumeSessionId === undefined ? {} : { resumeSessionId: options.resumeSessionId }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onState: options.onState,
      onNoise({ from, text }) {
        if (from === "stderr") complaints.push(text.trim().slice(0, limits.upgradeReasonBytes));
        options.note(`${name ?? "the server"} says: ${sanitise(text)}`);
      },
    });
  };
  const session = await naming(name, complaints, () => placingServer(destination, open));
  return { ...session, destination, where };
}

/** A failure to reach an environment says which one it is, and not again what its program was heard to complain of. */
async function naming<T>(
  name: string | undefined,
  complaints: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const failure = name === undefined || isOfTheFile(error) ? undefined : plainFailure(error);
    if (name === undefined || failure === undefined) throw error;
    throw new EnvironmentUnavailableError(name, withoutTold(failure.sentence, complaints), { cause: error });
  }
}

/** It is no matter of the one environment. */
function isOfTheFile(error: unknown): boolean {
  return error instanceof EnvironmentConfigError || error instanceof RegistrationRefusedError;
}

function withoutTold(sentence: string, complaints: readonly string[]): string {
  for (const count of [2, 1]) {
    const told = `: ${sanitise(complaints.slice(-count).join("; "))}`;
    if (complaints.length >= count && sentence.endsWith(told)) return sentence.slice(0, -told.length);
  }
  return sentence;
}
