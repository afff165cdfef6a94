import type { WireClient } from "../support/wire-client.ts";

type Members = Readonly<Record<string, unknown>> & { readonly processId: string };

/** A command that runs while something else is tried. */
export class Background {
  readonly #client: WireClient;
  readonly processId: string;

  private constructor(client: WireClient, processId: string) {
    this.#client = client;
    this.processId = processId;
  }

  static async start(client: WireClient, params: Members): Promise<Background> {
    await client.request("process/start", params);
    return new Background(client, params.processId);
  }

  get output(): string {
    return this.#client.outputOf(this.processId);
  }

  get hasEnded(): boolean {
    return this.#client.eventsOf(this.processId).some(({ method }) => method === "process/closed");
  }

  /** The first match of a pattern in what it prints. */
  async says(pattern: RegExp, timeoutMs = 8000): Promise<RegExpExecArray> {
    return this.#client.waitFor(() => pattern.exec(this.output), timeoutMs);
  }

  write(text: string): Promise<unknown> {
    const chunk = Buffer.from(text).toString("base64");
    return this.#client.request("process/write", {
      processId: this.processId,
      writeId: crypto.randomUUID(),
      chunk,
    });
  }

  async end(): Promise<void> {
    await this.#client.call("process/terminate", { processId: this.processId });
    await this.#client.waitProcessClosed(this.processId);
  }
}
