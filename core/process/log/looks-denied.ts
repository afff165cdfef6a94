import { limits } from "../../limits.ts";
import type { ExitStatus } from "../spawned-process.ts";
import type { OutputLog } from "./output-log.ts";

/** 128 + SIGSYS: a filter ended it. */
const badSystemCall = 159;

/** The reference's list, in any case. Neither `EPERM` nor `access is denied` is on it. */
const phrases = [
  "operation not permitted",
  "permission denied",
  "read-only file system",
  "seccomp",
  "sandbox",
  "landlock",
  "failed to write file",
] as const;

/**
 * Whether a sandboxed process that ended like this looks as if its sandbox was why: a guess from its exit code and
 * from what it said last, on whatever stream, as the reference makes it.
 */
export function looksDenied(log: OutputLog, status: ExitStatus): boolean {
  if (status.kind !== "exited" || status.code === 0) return false;
  if (status.code === badSystemCall) return true;
  const said = lastOutput(log).toString("latin1").toLowerCase();
  return phrases.some((phrase) => said.includes(phrase));
}

/** What is retained of the last output, all streams in one: a phrase may begin on one and end on another. */
function lastOutput(log: OutputLog): Buffer {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (let seq = log.nextSeq - 1; seq >= log.firstSeq && bytes < limits.deniedPhrasesBytes; seq--) {
    const event = log.event(seq);
    if (event?.kind !== "output") continue;
    chunks.push(event.bytes);
    bytes += event.bytes.length;
  }
  const output = Buffer.concat(chunks.reverse());
  return output.subarray(Math.max(0, output.length - limits.deniedPhrasesBytes));
}
