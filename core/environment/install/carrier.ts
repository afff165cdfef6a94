import { basename } from "node:path";
import { shellWord } from "./shell-word.ts";

/** A command that runs other commands elsewhere, their stdio on its own: what stands before the server in an entry. */
export interface Carrier {
  /** The whole command for words to be run over there. */
  argvFor(words: readonly string[]): readonly [string, ...string[]];
  /** The entry's command with another codex-env in the place of the one it starts. */
  argvWithServer(binary: string): readonly [string, ...string[]];
  /** Which codex-env the entry starts, as it is written there. */
  readonly server: string;
  /** Bytes cross a network, so that packing them pays. */
  readonly far: boolean;
}

/** How a server on stdio is started; what follows is kept. */
const serve = ["serve", "--listen", "stdio"] as const;
const serveInText = / serve --listen stdio(?= |$)/;

/**
 * What carries the server of an entry: `ssh HOST`, `docker exec -i NAME`, or any other program that runs the rest of its
 * arguments. Undefined where the command does not end with `CODEX-ENV serve --listen stdio`, or starts it right here.
 */
export function carrierOf(argv: readonly string[]): Carrier | undefined {
  const [program = ""] = argv;
  const name = basename(program);
  return name === "ssh" ? sshCarrier(argv) : plainCarrier(argv, name);
}

function plainCarrier(argv: readonly string[], name: string): Carrier | undefined {
  const at = argv.findIndex((_, index) => serve.every((word, offset) => argv[index + offset] === word));
  const [program, ...before] = argv.slice(0, Math.max(0, at - 1));
  if (program === undefined) return undefined;
  return {
    argvFor: (words) => [program, ...before, ...words],
    argvWithServer: (binary) => [program, ...before, binary, ...argv.slice(at)],
    server: argv[at - 1] ?? "",
    far: name === "kubectl",
  };
}

/** ssh joins its last words, and a shell over there takes them apart again. */
function sshCarrier(argv: readonly string[]): Carrier | undefined {
  const last = argv.at(-1) ?? "";
  const match = serveInText.exec(last);
  if (match === null) return sshOfWords(argv);
  const [program, ...before] = argv.slice(0, -1);
  if (program === undefined) return undefined;
  return {
    argvFor: (words) => [program, ...before, words.map(shellWord).join(" ")],
    argvWithServer: (binary) => [program, ...before, shellWord(binary) + last.slice(match.index)],
    server: last.slice(0, match.index),
    far: true,
  };
}

/** `ssh HOST codex-env serve --listen stdio`, written in words of their own. */
function sshOfWords(argv: readonly string[]): Carrier | undefined {
  const carrier = plainCarrier(argv, "ssh");
  if (carrier === undefined) return undefined;
  return {
    ...carrier,
    argvFor: (words) => carrier.argvFor(words.map(shellWord)),
    argvWithServer: (binary) => carrier.argvWithServer(shellWord(binary)),
    far: true,
  };
}
