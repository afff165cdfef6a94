import { closeSync } from "node:fs";
import { openDescriptorSocketPair, sendDescriptors } from "../../host/descriptor-socket.ts";
import { openMemoryFile, openPipe, setNonBlocking } from "../../host/descriptors.ts";
import { limits } from "../../limits.ts";
import type { Placeholder } from "../../sandbox/launch/placeholder.ts";
import { withGuardianImage } from "./guardian-image.ts";
import { EventDecoder, EventKind, encodeRequest, type GuardianEvent, type StartRequest } from "./wire.ts";

/** What happens to one command, in this order; `lost` comes in place of `exited` or after it. */
export interface CommandWatcher {
  /** Whether its shim is there, seen from the control pipe. */
  hasShim(): boolean;
  started(pid: number): void;
  /** The start was refused; nothing else follows. */
  failed(errno: number, stage: number): void;
  exited(code: number): void;
  /** What its terminal had said is in the pipe: the answer to {@link Order.move}. */
  moved?(): void;
  /** Nobody saw how the command ended. Its tree is being killed; `treeGone` follows. */
  lost(reason: string): void;
  treeGone(): void;
}

export interface LaunchOptions {
  readonly blob: Uint8Array;
  readonly terminal: StartRequest["terminal"];
  readonly openFiles: number;
  /**
   * Read end of the control pipe, then stdin, stdout and stderr, or a PTY's three. These and all the following stay
   * the caller's.
   */
  readonly descriptors: readonly number[];
  /** With a terminal that is `handed`: its master, and the pipe that its output goes into. */
  readonly pump?: readonly [master: number, output: number];
  /** Of the program to run; absent: it is looked up. */
  readonly executable?: number;
  /** The command finds them at 3, 4, ... */
  readonly inherited: readonly number[];
  /** Held while the tree lives, and then removed. */
  readonly placeholders: readonly Placeholder[];
}

const killed = "the guardian of the process was killed";

/**
 * One running guardian process. It ends by itself when this object is closed and every tree it watches is gone.
 * See guardian/README.md.
 */
export class Guardian {
  readonly #socket: number;
  readonly #watchers = new Map<number, CommandWatcher>();
  readonly #process: Bun.Subprocess;
  #lastToken = 0;
  #alive = true;

  constructor() {
    const [socket, theirs] = openDescriptorSocketPair();
    const events = openPipe();
    try {
      this.#process = withGuardianImage((path) =>
        Bun.spawn([path], {
          argv0: "codex-env-guardian",
          env: {},
          cwd: "/",
          stdio: [theirs, events.writeEnd, "ignore"],
        }),
      );
    } catch (error) {
      closeSync(socket);
      closeSync(events.readEnd);
      throw error;
    } finally {
      closeSync(theirs);
      closeSync(events.writeEnd);
    }
    this.#socket = socket;
    this.#process.unref();
    void this.#process.exited.then(() => this.#outlive());
    setNonBlocking(events.readEnd);
    void this.#listen(events.readEnd);
  }

  /** False once no more can be launched; the trees that it knew are watched on. */
  get alive(): boolean {
    return this.#alive;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Resolves when its process has ended; after {@link close} that is when every tree it watched is gone. */
  get exited(): Promise<unknown> {
    return this.#process.exited;
  }

  /** Asks for one start. Returns false when the guardian cannot take it now. Throws OsError; EPIPE, ECONNRESET: it is dead. */
  launch(options: LaunchOptions, watcher: CommandWatcher): boolean {
    this.#lastToken = (this.#lastToken + 1) >>> 0;
    const token = this.#lastToken;
    using ours = new DisposableStack();
    const blob = ours.adopt(openMemoryFile(options.blob), closeSync);
    const request = encodeRequest({
      token,
      terminal: options.terminal,
      executable: options.executable !== undefined,
      inherited: options.inherited.length,
      kept: options.placeholders.length,
      blobBytes: options.blob.length,
      openFiles: options.openFiles,
    });
    const kept = options.placeholders.map(({ descriptor }) => descriptor);
    if (kept.length > 0) kept.push(ours.adopt(openMemoryFile(keptNames(options.placeholders)), closeSync));
    const program = options.executable === undefined ? [] : [options.executable];
    const descriptors = [blob, ...options.descriptors, ...(options.pump ?? []), ...program];
    if (!sendDescriptors(this.#socket, request, [...descriptors, ...options.inherited, ...kept]))
      return false;
    this.#watchers.set(token, watcher);
    return true;
  }

  /** No more starts: the guardian ends after the last of its trees. */
  close(): void {
    if (!this.#alive) return;
    this.#alive = false;
    closeSync(this.#socket);
    // Only its end is left to wait for, and whoever does must not run out of things to do before.
    this.#process.ref();
  }

  /**
   * Its process has ended. Shims go on without it and still tell what happens, but nobody tells any more when one of
   * them is killed: that is seen from its control pipe. Two looks, for what it told last may still be in the event pipe.
   */
  async #outlive(): Promise<void> {
    this.close();
    let suspects = new Set<number>();
    while (this.#watchers.size > 0) {
      await Bun.sleep(limits.orphanLookMs);
      const alone = [...this.#watchers].filter(([, watcher]) => !watcher.hasShim());
      for (const [token, watcher] of alone) if (suspects.has(token)) this.#lose(token, watcher);
      suspects = new Set(alone.map(([token]) => token));
    }
  }

  #lose(token: number, watcher: CommandWatcher): void {
    this.#watchers.delete(token);
    watcher.lost(killed);
    watcher.treeGone();
  }

  async #listen(descriptor: number): Promise<void> {
    const decoder = new EventDecoder();
    const reader = Bun.file(descriptor).stream().getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        for (const event of decoder.decode(value)) this.#dispatch(event);
      }
    } finally {
      closeSync(descriptor);
      this.close();
      for (const [token, watcher] of this.#watchers) this.#lose(token, watcher);
    }
  }

  #dispatch(event: GuardianEvent): void {
    const watcher = this.#watchers.get(event.token);
    if (watcher === undefined) return;
    switch (event.kind) {
      case EventKind.started:
        return watcher.started(event.a);
      case EventKind.failed:
        this.#watchers.delete(event.token);
        return watcher.failed(event.a, event.b);
      case EventKind.exited:
        return watcher.exited(event.a);
      case EventKind.moved:
        return watcher.moved?.();
      case EventKind.shimDied:
        return watcher.lost(killed);
      case EventKind.empty:
        this.#watchers.delete(event.token);
        return watcher.treeGone();
    }
  }
}

function keptNames(placeholders: readonly Placeholder[]): Uint8Array {
  return Buffer.from(placeholders.map(({ entry }) => `${entry}\0`).join(""));
}
