import { Errno } from "../../host/errno.ts";
import { originalOpenFilesLimit } from "../../host/open-files-limit.ts";
import { OsError } from "../../host/os-error.ts";
import { limits } from "../../limits.ts";
import type { ProcessSandbox, SpawnedProcess, Spawner, SpawnPlan } from "../spawned-process.ts";
import { GuardedCommand } from "./guarded-command.ts";
import { type CommandWatcher, Guardian, type LaunchOptions } from "./guardian.ts";
import { HandedDescriptors } from "./handed-descriptors.ts";
import type { SandboxedCommand } from "./sandboxed-command.ts";
import { Semaphore } from "./semaphore.ts";
import { ourFailure, refuseUnspeakable } from "./spawn-failure.ts";
import { encodeBlob, Order } from "./wire.ts";

/** A command that a guardian has or is to get. */
interface StartedCommand {
  readonly process: Promise<SpawnedProcess>;
  readonly whenTreeGone: Promise<void>;
  order(order: number): void;
  /** Lets go of a command that no guardian took. */
  abandon(): void;
}

/**
 * Starts commands under a guardian process, which sees to it that a tree ends as a whole: on {@link
 * SpawnedProcess.killTree}, and when this process is gone, however it went. The guardian starts with the first
 * command, and again if somebody killed it. Disposing kills every tree and waits for the last.
 */
export function createGuardedSpawner(): Spawner & AsyncDisposable {
  return new GuardedSpawner();
}

class GuardedSpawner implements Spawner, AsyncDisposable {
  #guardian: Guardian | undefined;
  readonly #guardians = new Set<Guardian>();
  readonly #commands = new Set<StartedCommand>();
  readonly #starts = new Semaphore(limits.startsInFlight);
  readonly #openFiles = originalOpenFilesLimit();
  #disposed = false;

  async spawn(plan: SpawnPlan): Promise<SpawnedProcess> {
    refuseUnspeakable(plan);
    await this.#starts.acquire();
    try {
      const command =
        plan.sandbox === undefined ? await this.#start(plan) : await this.#confine(plan, plan.sandbox);
      return await command.process;
    } catch (error) {
      throw ourFailure(error);
    } finally {
      this.#starts.release();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    const { promise: deadline, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, limits.treesEndDeadlineMs);
    for (const command of this.#commands) command.order(Order.kill);
    await Promise.race([deadline, Promise.all([...this.#commands].map((command) => command.whenTreeGone))]);
    for (const guardian of this.#guardians) guardian.close();
    await Promise.race([deadline, Promise.all([...this.#guardians].map((guardian) => guardian.exited))]);
    clearTimeout(timer);
  }

  async #start(plan: SpawnPlan): Promise<GuardedCommand> {
    const blob = encodeBlob(plan);
    using descriptors = new HandedDescriptors(plan.stdio);
    const command = new GuardedCommand(descriptors.stdio, descriptors.control);
    await this.#hand(command, {
      blob,
      terminal: plan.stdio.kind === "pty" ? "own" : "none",
      openFiles: this.#openFiles,
      descriptors: descriptors.all,
      inherited: plan.inherited ?? [],
      ...(plan.executable === undefined ? {} : { executable: plan.executable }),
      placeholders: [],
    });
    return command;
  }

  async #confine(plan: SpawnPlan, sandbox: ProcessSandbox): Promise<SandboxedCommand> {
    const { prepareSandboxed } = await import("./prepare-sandboxed.ts");
    using prepared = await prepareSandboxed(plan, sandbox);
    await this.#hand(prepared.command, { ...prepared.options, openFiles: this.#openFiles });
    return prepared.command;
  }

  /** Has a guardian take the start, however often one dies meanwhile. */
  async #hand(command: StartedCommand & CommandWatcher, options: LaunchOptions): Promise<void> {
    try {
      while (!this.#launch(options, command)) await Bun.sleep(1);
    } catch (error) {
      command.abandon();
      throw error;
    }
    this.#commands.add(command);
    void command.whenTreeGone.then(() => this.#commands.delete(command));
  }

  #launch(options: LaunchOptions, command: CommandWatcher): boolean {
    const guardian = this.#livingGuardian();
    try {
      return guardian.launch(options, command);
    } catch (error) {
      if (!(error instanceof OsError && isHangUp(error.errno))) throw error;
      // It died and we have not been told yet: it never saw this request, so another may be asked.
      guardian.close();
      return false;
    }
  }

  #livingGuardian(): Guardian {
    if (this.#disposed) throw new Error("the spawner was disposed");
    if (this.#guardian?.alive) return this.#guardian;
    const guardian = new Guardian();
    this.#guardian = guardian;
    this.#guardians.add(guardian);
    void guardian.exited.then(() => this.#guardians.delete(guardian));
    return guardian;
  }
}

/** ECONNRESET: it left requests unread behind. */
function isHangUp(errno: number): boolean {
  return errno === Errno.EPIPE || errno === Errno.ECONNRESET;
}
