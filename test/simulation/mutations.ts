import { limits } from "../../core/limits.ts";
import { processMethods } from "../../core/process/remote/process-methods.ts";
import type { Tamper } from "./simulated-server.ts";
import type { Substitute } from "./substitute.ts";

/** Something broken on purpose, which the runs must notice. */
export interface Mutation {
  readonly name: string;
  /** Values of our own code that are others meanwhile. */
  readonly substitutes?: readonly Substitute[];
  readonly tamper?: Tamper;
}

let madeUp = 0;

export const mutations: readonly Mutation[] = [
  {
    name: "a server that applies a repeated write again",
    tamper: (text) => text.replace(/"writeId":"[^"]*"/, () => `"writeId":"made up ${madeUp++}"`),
  },
  {
    name: "a resume that asks for what comes two events later",
    tamper: (text) => text.replace(/"afterSeq":(\d+)/, (_, seq: string) => `"afterSeq":${Number(seq) + 2}`),
  },
  {
    name: "nobody who looks whether the link is dead",
    substitutes: [{ owner: limits, name: "pongDeadlineMs", value: 1e12 }],
  },
  {
    name: "a client that repeats signals",
    substitutes: [{ owner: processMethods.signal, name: "afterCut", value: "repeat" }],
  },
  {
    name: "a client that repeats starts without a look",
    substitutes: [{ owner: processMethods.start, name: "afterCut", value: "repeat" }],
  },
];
