import * as v from "valibot";
import { limits } from "../../limits.ts";
import { readAnswerSchema } from "./process-event.ts";

const anything = v.looseObject({});

/**
 * How the client uses `process/*`. Deadlines are ours. A write waits for as long as the child does not read, and on the
 * reference everything else behind it; so reads have no deadline either, since a process is given up when one fails.
 */
export const processMethods = {
  start: {
    name: "process/start",
    answer: v.looseObject({ processId: v.string() }),
    afterCut: "report",
    deadlineMs: 60_000,
  },
  read: { name: "process/read", answer: readAnswerSchema, afterCut: "repeat" },
  write: {
    name: "process/write",
    answer: v.object({ status: v.picklist(["accepted", "unknownProcess", "stdinClosed", "starting"]) }),
    afterCut: "repeat",
  },
  closeStdin: { name: "process/closeStdin", answer: anything, afterCut: "repeat" },
  resize: { name: "process/resize", answer: anything, afterCut: "repeat", deadlineMs: limits.quickRequestMs },
  signal: { name: "process/signal", answer: anything, afterCut: "report", deadlineMs: limits.quickRequestMs },
  terminate: {
    name: "process/terminate",
    answer: v.object({ running: v.boolean() }),
    afterCut: "repeat",
    deadlineMs: limits.quickRequestMs,
  },
} as const;
