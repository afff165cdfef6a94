import { writeSync } from "node:fs";

/** Sends an order to who reads the pipe, a shim or a stage; nothing happens with a closed one (-1). */
export function writeOrder(pipe: number, order: number, argument: number): void {
  if (pipe < 0) return;
  try {
    writeSync(pipe, new Uint8Array([order, argument]));
  } catch {
    // EPIPE: nobody is there any more, and the event that says so is on its way.
  }
}
