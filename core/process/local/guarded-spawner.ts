import { closeSync } from "node:fs";
import { openPipe, setNonBlocking } from "../../host/descriptors.ts";
import { osErrorText } from "../../host/errno.ts";
import { OsError } from "../../host/os-error.ts";
import { limits } from "../../limits.ts";
import { SpawnError, type SpawnedProcess, type Spawner, type SpawnPlan } from "../spawned-process.ts";
import { GuardedCommand } from "./guarded-process.ts";
import { Guardian } from "./guardian.ts";
import { Semaphore } from "./semaphore.ts";
import { refuseUnspeakable } from "./spawn-failure.ts";
import { openStdio } from "./stdio.ts";
import { encodeBlob } from "./wire.ts";

/**
 * Starts commands under a guardian process, which sees to it that a tree ends as a whole: on {@link
 * SpawnedProcess.killTree}, and when this process is gone, however it went. The guardian starts with the first
 * command, and again if somebody killed it. Disposing kills every tree and waits for the last.
 */
export function createGuardedSpawner(): Spawner & AsyncDisposable {
  if (process.platform !== "linux") {
    throw new Error(
      `Running commands on ${process.platform} is not there yet: the guardian is written for Linux.`,
    );
  }
  return new GuardedSpawner();
}

class GuardedSpawner implements Spawner, AsyncDisposable {
  #guardian: Guardian | undefined;
  readonly #guardians = new Set<Guardian>();
  readonly #running = new Set<GuardedCommand>();
  readonly #starts = new Semaphore(limits.startsInFlight);
  #disposed = false;

  async spawn(plan: SpawnPlan): Promise<SpawnedProcess> {
    refuseUnspeakable(plan);
    await this.#starts.acquire();
    try {
      return await this.#start(plan).process;
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      throw new SpawnError(osErrorText(error.errno), { errno: error.errno, stage: "stdio" });
    } finally {
      this.#starts.release();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    const gone = [...this.#running].map((command) => {
      command.order(2);
      return command.treeGoneSoon;
    });
    await Promise.all(gone);
    const guardians = [...this.#guardians];
    for (const guardian of guardians) guardian.close();
    await Promise.all(guardians.map((guardian) => guardian.exited));
  }

  #start(plan: SpawnPlan): GuardedCommand {
    const guardian = this.#livingGuardian();
    const blob = encodeBlob(plan);
    const control = openPipe();
    const opened = [control.readEnd];
    try {
      const stdio = openStdio(plan.stdio);
      opened.push(...stdio.childEnds);
      const command = new GuardedCommand(stdio, control.writeEnd);
      setNonBlocking(control.writeEnd);
      guardian.launch({ blob, pty: plan.stdio.kind === "pty", openFiles: 0, descriptors: opened }, command);
      this.#running.add(command);
      void command.treeGoneSoon.then(() => this.#running.delete(command));
      return command;
    } catch (error) {
      closeSync(control.writeEnd);
      throw error;
    } finally {
      for (const descriptor of opened) closeSync(descriptor);
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
