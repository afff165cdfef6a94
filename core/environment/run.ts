import { pathToUri, resolveRemote } from "../client/remote-path.ts";
import { startDirectory } from "../client/start-directory.ts";
import type { EnvironmentProcess, ProcessEvent, StartSpec } from "../process/process-backend.ts";
import { UnsupportedError } from "../rpc/remote-calls.ts";
import type { Environment } from "./environment.ts";
import { EnvironmentLostError } from "./environment-errors.ts";

/** How a command is to run, where that differs from the usual. */
export interface RunOptions {
  /** A path there, from the environment's own directory. Default: that directory. */
  readonly cwd?: string;
  /** Laid over the environment's variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to its stdin, which is at its end after that. Default: it is at its end. */
  readonly input?: Uint8Array;
}

/**
 * Runs a command in an environment: its output as it comes, then its exit, then `closed`. Output that nobody takes
 * holds the command back; who stops taking it ends the command with all that it started. The published server ends no
 * more than the process group: what has left it (`setsid`) goes on there, where no client reaches it. Throws RpcError
 * where the command is refused, UnsupportedError for an input that could not end there, EnvironmentUnavailableError,
 * and EnvironmentLostError where its end will never be known.
 */
export async function* run(
  environment: Environment,
  argv: readonly [string, ...string[]],
  options: RunOptions = {},
): AsyncGenerator<ProcessEvent, void> {
  const hand = new Hand();
  const process = await environment.processes.start(await specOf(environment, argv, options), (event) =>
    hand.give(event),
  );
  void writeInput(process, options.input);
  try {
    for (;;) {
      const event = await hand.take();
      if (event.kind === "lost") throw new EnvironmentLostError(environment.id, event.reason);
      yield event;
      if (event.kind === "closed") return;
    }
  } finally {
    hand.drop();
    if (!process.over) await process.terminate().catch(() => {});
  }
}

async function specOf(
  environment: Environment,
  argv: readonly [string, ...string[]],
  { cwd, env, input }: RunOptions,
): Promise<StartSpec> {
  const info = await environment.info();
  if (input !== undefined && !info.capabilities.processCloseStdin) {
    throw new UnsupportedError(
      `the server of \`${environment.id}\` cannot close the stdin of a command, which would wait for more of it`,
    );
  }
  const home = startDirectory(info);
  return {
    argv,
    cwd: pathToUri(cwd === undefined ? home : resolveRemote(home, cwd)),
    env: env ?? {},
    inherit: "all",
    stdio: { kind: "pipes", stdin: input !== undefined },
  };
}

/** A command need not read what it is given. */
async function writeInput({ stdin }: EnvironmentProcess, input: Uint8Array | undefined): Promise<void> {
  if (input === undefined) return;
  try {
    await stdin.write(input);
    await stdin.end();
  } catch {
    // Its exit code says what it thinks of that.
  }
}

/** Passes events on one at a time: the next is taken from the giver when the last was asked for. */
class Hand {
  #given: ProcessEvent | undefined;
  #taken: PromiseWithResolvers<void> | undefined;
  #wanted: PromiseWithResolvers<ProcessEvent> | undefined;
  #dropped = false;

  give(event: ProcessEvent): Promise<void> | undefined {
    if (this.#dropped) return undefined;
    const wanted = this.#wanted;
    this.#wanted = undefined;
    if (wanted !== undefined) {
      wanted.resolve(event);
      return undefined;
    }
    this.#given = event;
    this.#taken = Promise.withResolvers<void>();
    return this.#taken.promise;
  }

  async take(): Promise<ProcessEvent> {
    const given = this.#given;
    if (given === undefined) {
      this.#wanted = Promise.withResolvers<ProcessEvent>();
      return await this.#wanted.promise;
    }
    this.#given = undefined;
    this.#taken?.resolve();
    return given;
  }

  /** Nobody takes any more: what comes is let through. */
  drop(): void {
    this.#dropped = true;
    this.#taken?.resolve();
  }
}
