import { isHungUp } from "../../host/descriptors.ts";
import type { OutputSource } from "../spawned-process.ts";
import { DescriptorSource } from "./descriptor-source.ts";

/**
 * What a terminal says. Its shim moves it into a pipe, so the writer goes on while we are busy; what the shim left in
 * the terminal when it ended is read from the master.
 */
export class PtySource implements OutputSource {
  readonly name = "pty";
  readonly #master: number;
  readonly #release: () => void;
  #source: OutputSource;
  #stage: "moved" | "direct" | "ended" = "moved";

  /** Takes over the read end of the pipe; `release` lets the master go. */
  constructor(pipe: number, master: number, release: () => void) {
    this.#source = new DescriptorSource("pty", pipe);
    this.#master = master;
    this.#release = release;
  }

  async read(): Promise<Uint8Array | null> {
    const bytes = await this.#source.read();
    if (bytes !== null || this.#stage !== "moved") return bytes;
    if (isHungUp(this.#master)) {
      this.close();
      return null;
    }
    this.#stage = "direct";
    this.#source = new DescriptorSource("pty", this.#master, this.#release);
    return this.#source.read();
  }

  close(): void {
    const stage = this.#stage;
    this.#stage = "ended";
    this.#source.close();
    if (stage === "moved") this.#release();
  }
}
