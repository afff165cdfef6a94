import { isCompatible } from "./compatible-version.ts";
import { InstallError } from "./install-error.ts";
import { type BinaryChoice, type LocalServerBinary, localServerBinary } from "./local-server-binary.ts";
import { lookAt, type TargetFacts } from "./look-around.ts";
import { putFile } from "./put-file.ts";
import { removeUnusedVersions } from "./remove-unused-versions.ts";
import { tryServer } from "./target-scripts.ts";
import { startScript, type TargetShell } from "./target-shell.ts";

/** What is told while files travel. */
export interface InstallProgress {
  begin(name: string, size: number): void;
  advance(bytes: number): void;
  done(): void;
}

export interface InstallOptions extends Pick<BinaryChoice, "given" | "own"> {
  /** Ours: what is there has to be as new. */
  readonly version: string;
  readonly progress: InstallProgress;
}

/** A codex-env that is over there now. */
export interface InstalledServer {
  /** How an entry names it: its absolute path, or `codex-env` where that is on the PATH. */
  readonly binary: string;
  /** `found` on the PATH, `present` from an earlier time, or `placed` just now. */
  readonly how: "found" | "present" | "placed";
  readonly facts: TargetFacts;
  /** Versions that were taken away, since they were old and nobody used them. */
  readonly removed: readonly string[];
}

/**
 * Sees to it that a codex-env of our version is on the target: takes one that is on the PATH there, else puts ours into a
 * directory of its version and content, where one that is in use stays as it is. Rejects with {@link InstallError}.
 */
export async function installServer(shell: TargetShell, options: InstallOptions): Promise<InstalledServer> {
  const facts = await lookAt(shell);
  const { given, version } = options;
  if (given === undefined && facts.found !== undefined && isCompatible(facts.found.version, version)) {
    return { binary: "codex-env", how: "found", facts, removed: [] };
  }
  // The path goes into files and onto terminals.
  if (!/^\/[^\p{Cc}]*$/u.test(facts.dataDirectory)) {
    throw new InstallError(`${shell.name}: the account there has no home directory to put codex-env into`);
  }
  const local = await localServerBinary({ ...options, platform: facts.platform });
  const name = given === undefined ? version : "given";
  const versions = `${facts.dataDirectory}/codex-env`;
  const current = `${name}-${local.sha256.slice(0, 12)}`;
  const directory = `${versions}/${current}`;
  const how = await putServer(shell, { local, directory, options, facts });
  await tryIt(shell, `${directory}/codex-env`);
  const removed = how === "placed" ? await removeUnusedVersions(shell, { directory: versions, current }) : [];
  return { binary: `${directory}/codex-env`, how, facts, removed };
}

interface Placing {
  readonly local: LocalServerBinary;
  readonly directory: string;
  readonly options: InstallOptions;
  readonly facts: TargetFacts;
}

/** The program comes last: where it is, everything is. */
async function putServer(shell: TargetShell, placing: Placing): Promise<"present" | "placed"> {
  const { local, directory, options, facts } = placing;
  const { progress } = options;
  const put = { packed: facts.hasGzip && shell.carrier.far, advance: progress.advance.bind(progress) };
  const { bubblewrap } = local;
  progress.begin("codex-env", local.size + (bubblewrap?.size ?? 0));
  if (bubblewrap !== undefined) {
    await putFile(shell, { ...bubblewrap, directory: `${directory}/codex-resources`, name: "bwrap" }, put);
  }
  const how = await putFile(shell, { ...local, directory, name: "codex-env" }, put);
  if (how === "placed") progress.done();
  return how;
}

/** A library may be missing there, or the directory may be one from which nothing is run. */
async function tryIt(shell: TargetShell, binary: string): Promise<void> {
  await using talk = await startScript(shell, tryServer, [binary]);
  talk.closeInput();
  const { rest } = await talk.next();
  if (/^\d+\.\d+\.\d+/.test(rest)) return;
  throw new InstallError(`${shell.name}: ${binary} is there and does not run: ${rest || "it says nothing"}`);
}
