import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { examineExecutable } from "./examine-executable.ts";
import { InstallError } from "./install-error.ts";
import { platformName, type ServerPlatform } from "./server-platform.ts";

/** A file of ours with what has to be known of it to send it. */
export interface LocalFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** The codex-env to send, and the bubblewrap that it looks for beside itself. */
export interface LocalServerBinary extends LocalFile {
  readonly bubblewrap?: LocalFile;
}

export interface BinaryChoice {
  readonly platform: ServerPlatform;
  /** `--binary`: this one and no other. */
  readonly given?: string;
  /** The codex-env that runs here, where it is a program of its own. */
  readonly own?: string;
}

/**
 * The codex-env for a platform: the one that was given, else the one that runs here, else the one of the release
 * directory that it lies in, which `scripts/build --all` makes. Rejects with {@link InstallError}.
 */
export async function localServerBinary(choice: BinaryChoice): Promise<LocalServerBinary> {
  const { platform, given, own } = choice;
  const name = platformName(platform);
  if (given !== undefined) {
    const kind = kindOf(given);
    if (kind !== name)
      throw new InstallError(`${given} is ${kind ?? "no program for Linux"}, and ${name} is needed`);
    return await withBubblewrap(given, platform);
  }
  if (own === undefined) {
    throw new InstallError(`codex-env for ${name} is needed: say with --binary FILE where it is`);
  }
  if (kindOf(own) === name) return await withBubblewrap(own, platform);
  return await fromRelease(dirname(own), platform);
}

function kindOf(path: string): string | undefined {
  try {
    const kind = examineExecutable(path);
    if (kind === undefined || kind.libc === null) return undefined;
    return platformName({ machine: kind.machine, libc: kind.libc });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "an error";
    throw new InstallError(`${path} cannot be read (${code})`, { cause: error });
  }
}

async function fromRelease(directory: string, platform: ServerPlatform): Promise<LocalServerBinary> {
  const path = join(directory, `codex-env-${platformName(platform)}`);
  if (!existsSync(path)) {
    throw new InstallError(
      `${path} is needed and not there: build it with scripts/build --all, or say with --binary FILE where it is`,
    );
  }
  const binary = await withBubblewrap(path, platform);
  const listed = listedSum(join(directory, "SHA256SUMS"), basename(path));
  if (listed !== binary.sha256) {
    throw new InstallError(
      `${path} has the SHA-256 ${binary.sha256}, and SHA256SUMS says ${listed ?? "nothing of it"}`,
    );
  }
  return binary;
}

function listedSum(path: string, name: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, "utf8").split("\n");
  return lines
    .map((line) => /^([0-9a-f]{64}) [ *](.+)$/.exec(line))
    .find((match) => match?.[2] === name)?.[1];
}

/** Without one the system's own bubblewrap serves, where there is one. */
async function withBubblewrap(path: string, { machine }: ServerPlatform): Promise<LocalServerBinary> {
  const binary = await measure(path);
  const folder = join(dirname(path), "codex-resources");
  const bubblewrap = [join(folder, `bwrap-${machine}`), join(folder, "bwrap")].find(
    (candidate) => existsSync(candidate) && examineExecutable(candidate)?.machine === machine,
  );
  return bubblewrap === undefined ? binary : { ...binary, bubblewrap: await measure(bubblewrap) };
}

async function measure(path: string): Promise<LocalFile> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return { path, size: statSync(path).size, sha256: hash.digest("hex") };
}
