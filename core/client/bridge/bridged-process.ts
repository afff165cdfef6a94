import type { EnvironmentProcess, ProcessEvent } from "../../process/process-backend.ts";
import type { InboundBudget } from "../../process/remote/inbound-budget.ts";
import { RemoteProcess } from "../../process/remote/remote-process.ts";
import type { RemoteCalls } from "../../rpc/remote-calls.ts";
import type { Downstream } from "./downstream.ts";

/** As the server says that it knows no exit code. */
const UNKNOWN_EXIT_CODE = -1;

export interface BridgedProcessOptions {
  readonly processId: string;
  readonly tty: boolean;
  readonly calls: RemoteCalls;
  readonly budget: InboundBudget;
  readonly client: Downstream;
  ended(): void;
}

/**
 * A process behind the bridge: what {@link RemoteProcess} puts in order across cuts, told on as the notifications of a
 * server whose link never broke. Numbers are given here, from 1 and without holes, since a hole stops a stock client
 * for good; they are the server's own unless it has forgotten something.
 */
export class BridgedProcess {
  readonly remote: RemoteProcess & EnvironmentProcess;
  readonly #options: BridgedProcessOptions;
  readonly #announced = Promise.withResolvers<void>();
  #isAnnounced = false;
  #seq = 0;
  #exited = false;

  constructor(options: BridgedProcessOptions) {
    this.#options = options;
    const { processId, tty, calls, budget } = options;
    this.remote = new RemoteProcess({
      processId,
      tty,
      calls,
      budget,
      abilities: {
        processResize: true,
        processCloseStdin: true,
        processSignalNames: true,
        processPtySize: true,
      },
      sink: (event) => {
        if (!this.#isAnnounced) return this.#announced.promise.then(() => this.#tell(event));
        return this.#tell(event);
      },
    });
  }

  /** The client has the answer to its start: a stock client drops events that come before. */
  announce(): void {
    this.#isAnnounced = true;
    this.#announced.resolve();
  }

  #tell(event: ProcessEvent): Promise<void> | undefined {
    switch (event.kind) {
      case "output":
        this.#output(event.stream, event.bytes);
        break;
      case "gap":
        this.#output(this.#complaints, gapNotice(event.omittedBytes));
        break;
      case "exited":
        this.#exit(
          event.status.kind === "exited" ? event.status.code : UNKNOWN_EXIT_CODE,
          event.status.kind === "exited" ? {} : { failure: event.status.reason },
          event.sandboxDenied ?? false,
        );
        break;
      case "lost":
        this.#output(this.#complaints, notice(`the rest of the output is lost: ${event.reason}`));
        if (!this.#exited) this.#exit(UNKNOWN_EXIT_CODE, { failure: event.reason }, false);
        this.#end();
        break;
      case "closed":
        this.#end();
    }
    return this.#options.client.room();
  }

  get #complaints(): "pty" | "stderr" {
    return this.#options.tty ? "pty" : "stderr";
  }

  #output(stream: string, bytes: Uint8Array): void {
    const { client, processId } = this.#options;
    client.notify("process/output", { processId, seq: ++this.#seq, stream, chunk: bytes.toBase64() });
  }

  #exit(exitCode: number, why: { readonly failure?: string }, sandboxDenied: boolean): void {
    const { client, processId } = this.#options;
    this.#exited = true;
    client.notify("process/exited", { processId, seq: ++this.#seq, exitCode, sandboxDenied, ...why });
  }

  #end(): void {
    const { client, processId } = this.#options;
    client.notify("process/closed", { processId, seq: ++this.#seq });
    this.#options.ended();
  }
}

function gapNotice(omittedBytes: number | undefined): Uint8Array {
  const lost = omittedBytes === undefined ? "some output is" : `${omittedBytes} bytes of output are`;
  return notice(`${lost} missing: the link was cut for too long`);
}

function notice(sentence: string): Uint8Array {
  return new TextEncoder().encode(`\n[codex-env dial: ${sentence}]\n`);
}
