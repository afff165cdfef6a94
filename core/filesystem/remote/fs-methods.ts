import * as v from "valibot";
import { limits } from "../../limits.ts";
import { bytesSchema } from "../../rpc/bytes-schema.ts";

const done = v.looseObject({});

/** How the client uses `fs/*`: what is answered, and what a cut link means for it. Deadlines are ours. */
export const fsMethods = {
  readFile: {
    name: "fs/readFile",
    answer: v.object({ dataBase64: bytesSchema }),
    afterCut: "repeat",
    deadlineMs: limits.fileRequestMs,
  },
  writeFile: { name: "fs/writeFile", answer: done, afterCut: "report", deadlineMs: limits.fileRequestMs },
  createDirectory: {
    name: "fs/createDirectory",
    answer: done,
    afterCut: "report",
    deadlineMs: limits.fileRequestMs,
  },
  getMetadata: {
    name: "fs/getMetadata",
    answer: v.object({
      isDirectory: v.boolean(),
      isFile: v.boolean(),
      isSymlink: v.boolean(),
      size: v.number(),
      createdAtMs: v.number(),
      modifiedAtMs: v.number(),
    }),
    afterCut: "repeat",
    deadlineMs: limits.fileRequestMs,
  },
  canonicalize: {
    name: "fs/canonicalize",
    answer: v.object({ path: v.string() }),
    afterCut: "repeat",
    deadlineMs: limits.fileRequestMs,
  },
  readDirectory: {
    name: "fs/readDirectory",
    answer: v.object({
      entries: v.array(v.object({ fileName: v.string(), isDirectory: v.boolean(), isFile: v.boolean() })),
    }),
    afterCut: "repeat",
    deadlineMs: limits.fileRequestMs,
  },
  walk: {
    name: "fs/walk",
    answer: v.object({
      entries: v.array(v.object({ path: v.string(), kind: v.picklist(["file", "directory"]) })),
      errors: v.array(v.object({ path: v.string(), message: v.string() })),
      truncated: v.boolean(),
    }),
    afterCut: "repeat",
    deadlineMs: limits.fileRequestMs,
  },
  remove: { name: "fs/remove", answer: done, afterCut: "report" },
  copy: { name: "fs/copy", answer: done, afterCut: "report" },
  open: {
    name: "fs/open",
    answer: v.object({ handleId: v.string() }),
    afterCut: "report",
    deadlineMs: limits.fileRequestMs,
  },
  readBlock: {
    name: "fs/readBlock",
    answer: v.object({ chunk: bytesSchema, eof: v.boolean() }),
    afterCut: "repeat",
    deadlineMs: limits.fileRequestMs,
  },
  // The same bytes at the same place: doing it twice is doing it once.
  writeBlock: { name: "fs/writeBlock", answer: done, afterCut: "repeat", deadlineMs: limits.fileRequestMs },
  close: { name: "fs/close", answer: done, afterCut: "repeat", deadlineMs: limits.fileRequestMs },
  watchMissing: {
    name: "fs/watchMissing",
    answer: v.object({ watching: v.boolean() }),
    afterCut: "repeat",
    deadlineMs: limits.fileRequestMs,
  },
} as const;
