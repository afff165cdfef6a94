import { createReadStream } from "node:fs";
import { PassThrough } from "node:stream";
import { createGzip } from "node:zlib";
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
 * Rejects with {@link InstallError}.
 */
export async function putFile(
  shell: TargetShell,
  file: FileToPut,
  options: PutOptions,
): Promise<"present" | "placed"> {
  const { directory, name, size, sha256 } = file;
  const words = [directory, name, String(size), sha256, options.packed ? "gzip" : "plain"];
  await using talk = await startScript(shell, takeFile, words);
  const first = await talk.next();
  if (first.word === "present") return "present";
  if (first.word !== "ready") throw await refused(talk, file, first);
  await send(talk, file, options);
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

async function send(talk: Conversation, { path }: FileToPut, { packed, advance }: PutOptions): Promise<void> {
  const source = createReadStream(path, { highWaterMark: 256 * 1024 });
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
