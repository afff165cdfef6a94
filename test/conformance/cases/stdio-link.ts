import { readMessage, type WireMessage } from "../../support/wire-message.ts";
import type { CaseContext } from "../case-context.ts";
import { spawnServer } from "../launch.ts";

/** A server that speaks on its stdin and stdout. Whoever opens it ends it. */
export class StdioLink {
  readonly lines: string[] = [];
  readonly exited: Promise<number>;
  readonly #child: ReturnType<typeof spawnServer>;
  readonly #drained: Promise<void>;
  #rest = "";
  #wake: (() => void) | undefined;

  constructor(t: CaseContext, listen = "stdio") {
    this.#child = spawnServer(t.side, { listen });
    this.exited = this.#child.exited;
    this.#drained = this.#read();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of this.#child.stdout) {
      const parts = (this.#rest + decoder.decode(bytes, { stream: true })).split("\n");
      this.#rest = parts.pop() ?? "";
      this.lines.push(...parts);
      this.#wake?.();
    }
    this.#wake?.();
  }

  write(text: string | Uint8Array): void {
    this.#child.stdin.write(text);
    this.#child.stdin.flush();
  }

  send(...messages: readonly unknown[]): void {
    for (const message of messages) this.write(`${JSON.stringify(message)}\n`);
  }

  initialize(): void {
    this.send(
      { id: "init", method: "initialize", params: { clientName: "wire-test" } },
      { method: "initialized" },
    );
  }

  /** Waits for a line, of at most so many milliseconds; undefined when none comes. */
  async waitFor(found: (message: WireMessage) => boolean, ms = 5000): Promise<WireMessage | undefined> {
    const end = performance.now() + ms;
    while (performance.now() < end) {
      const message = this.messages().find(found);
      if (message) return message;
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([woken, Bun.sleep(end - performance.now())]);
    }
    return undefined;
  }

  messages(): WireMessage[] {
    return this.lines.map(readMessage);
  }

  /** Closes stdin and tells how the server ended, or that it was still there after `ms`. */
  async end(ms = 5000): Promise<{ exitCode: number | "still running"; unfinishedLine: string }> {
    this.#child.stdin.end();
    const exitCode = await Promise.race([this.exited, Bun.sleep(ms).then(() => "still running" as const)]);
    this.#child.kill("SIGKILL");
    await this.exited;
    await this.#drained;
    return { exitCode, unfinishedLine: this.#rest };
  }
}
