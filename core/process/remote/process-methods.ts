import * as v from "valibot";
import { readAnswerSchema } from "./process-event.ts";

const quickMs = 30_000;
const anything = v.looseObject({});

/** How the client uses `process/*`. Deadlines are ours; a write waits for as long as the child does not read. */
export const processMethods = {
  start: {
    name: "process/start",
    answer: v.object({ processId: v.string() }),
    afterCut: "report",
    deadlineMs: 60_000,
  },
  read: { name: "process/read", answer: readAnswerSchema, afterCut: "repeat", deadlineMs: quickMs },
  write: {
    name: "process/write",
    answer: v.object({ status: v.picklist(["accepted", "unknownProcess", "stdinClosed", "starting"]) }),
    afterCut: "repeat",
  },
  closeStdin: { name: "process/closeStdin", answer: anything, afterCut: "repeat" },
  resize: { name: "process/resize", answer: anything, afterCut: "repeat", deadlineMs: quickMs },
  signal: { name: "process/signal", answer: anything, afterCut: "report", deadlineMs: quickMs },
  terminate: {
    name: "process/terminate",
    answer: v.object({ running: v.boolean() }),
    afterCut: "repeat",
    deadlineMs: quickMs,
  },
} as const;
