import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { PassThrough } from "node:stream";
import { createGzip } from "node:zlib";
import { limits } from "../../limits.ts";
import type { Answer, Conversation } from "./conversation.ts";
import { InstallError } from "./install-error.ts";
import { dropFile, giveFile, keepFile, takeFile } from "./target-scripts.ts";
import { startScript, type TargetShell } from "./target-shell.ts";

/** A file of ours, and what it is called over there. */
export interface FileToPut {
  readonly path: string;
  readonly size: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
  readonly directory: string;
  readonly name: string;
}

export interface PutOptions {
  /** Whether the bytes travel packed. */
  readonly packed: boolean;
  /** Called with how many bytes of the file are on their way. */
  advance(bytes: number): void;
}

/**
 * Puts a file there under its name, whole and with the right content or not at all. Says whether it was there already.
 * What an earlier try has brought there is not sent again. Rejects with {@link InstallError}.
 */
export async function putFile(
  shell: TargetShell,
  file: FileToPut,
  options: PutOptions,
): Promise<"present" | "placed"> {
  const { directory, name, size, sha256 } = file;
  const packing = options.packed ? "gzip" : "plain";
  const words = [directory, name, String(size), sha256, packing, String(limits.installPieceBytes)];
  await using talk = await startScript(shell, takeFile, words);
  const first = await talk.next();
  if (first.word === "present") return "present";
  if (first.word !== "ready") throw await refused(talk, file, first);
  const from = await agreedStart(file, first.rest);
  await talk.write(Buffer.from(`${from}\n`));
  await send(talk, { path: file.path, from }, options);
  const last = await talk.next();
  if (last.word === "placed") return "placed";
  if (last.word !== "unchecked") throw await refused(talk, file, last);
  await checkByReading(shell, file, last.rest);
  return "placed";
}

async function refused(
  talk: Conversation,
  { directory, name }: FileToPut,
  answer: Answer,
): Promise<InstallError> {
  const path = `${directory}/${name}`;
  switch (answer.word) {
    case "short":
      return await talk.failure(`${path} was cut off after ${answer.rest} bytes`);
    case "differs":
      return await talk.failure(`${path} arrived with the SHA-256 ${answer.rest}`);
    default:
      return await talk.failure(`${path} cannot be written`);
  }
}

/** Where to go on: behind the piece that is there, which is told by length and SHA-256, if it is one of the file. */
async function agreedStart({ path, size }: FileToPut, piece: string): Promise<number> {
  const [, digits = "0", sum = ""] = /^(\d{1,15}) ([0-9a-f]{64})$/.exec(piece) ?? [];
  const length = Number(digits);
  if (length === 0 || length > size) return 0;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { end: length - 1 })) hash.update(chunk);
  return hash.digest("hex") === sum ? length : 0;
}

interface Rest {
  readonly path: string;
  /** Bytes that are there already. */
  readonly from: number;
}

async function send(
  talk: Conversation,
  { path, from }: Rest,
  { packed, advance }: PutOptions,
): Promise<void> {
  if (from > 0) advance(from);
  const source = createReadStream(path, { start: from, highWaterMark: 256 * 1024 });
  source.on("data", (chunk) => advance(chunk.length));
  const bytes = source.pipe(packed ? createGzip({ level: 1 }) : new PassThrough());
  source.on("error", (error) => bytes.destroy(error));
  try {
    for await (const chunk of bytes) {
      // Why nobody takes more is what is answered next.
      if (!(await talk.write(chunk))) break;
    }
  } finally {
    source.destroy();
    bytes.destroy();
  }
  talk.closeInput();
}

/** Nothing over there makes a SHA-256: so it is made here, of what is read back. */
async function checkByReading(shell: TargetShell, file: FileToPut, temporary: string): Promise<void> {
  const found = await hashThere(shell, temporary, file.size);
  const right = found === file.sha256;
  const words = right ? [temporary, `${file.directory}/${file.name}`] : [temporary];
  await using talk = await startScript(shell, right ? keepFile : dropFile, words);
  talk.closeInput();
  const { word } = await talk.next();
  if (!right) throw new InstallError(`${shell.name}: ${file.name} arrived with the SHA-256 ${found}`);
  if (word !== "placed") throw await talk.failure(`${file.directory}/${file.name} cannot be written`);
}

async function hashThere(shell: TargetShell, path: string, size: number): Promise<string> {
  await using talk = await startScript(shell, giveFile, [path]);
  talk.closeInput();
  await talk.next();
  return await talk.hashOf(size);
}
