import { InstallError } from "./install-error.ts";
import { machineNamed, type ServerPlatform } from "./server-platform.ts";
import { lookAround } from "./target-scripts.ts";
import { startScript, type TargetShell } from "./target-shell.ts";

/** What is there before anything is installed. */
export interface TargetFacts {
  readonly platform: ServerPlatform;
  /** A codex-env on the PATH of commands. */
  readonly found?: { readonly path: string; readonly version: string };
  /** Where programs of this user keep their data; an absolute path. */
  readonly dataDirectory: string;
  readonly hasGzip: boolean;
  /** Something prints on stdout at login, which a client has to skip. */
  readonly noise: boolean;
  /** From the start of the carrier to the last answer, ms. */
  readonly elapsedMs: number;
}

/** Looks at the target in one go. Rejects with {@link InstallError}. */
export async function lookAt(shell: TargetShell): Promise<TargetFacts> {
  const started = performance.now();
  await using talk = await startScript(shell, lookAround);
  talk.closeInput();
  const said = new Map<string, string[]>();
  for (let answer = await talk.next(); answer.word !== "end"; answer = await talk.next()) {
    said.set(answer.word, [...(said.get(answer.word) ?? []), answer.rest]);
  }
  const path = said.get("found")?.[0];
  return {
    platform: platformOf(shell, said),
    ...(path === undefined ? {} : { found: { path, version: said.get("version")?.[0] ?? "" } }),
    dataDirectory: said.get("data")?.[0] ?? "",
    hasGzip: said.get("tool")?.includes("gzip") === true,
    noise: talk.noise,
    elapsedMs: performance.now() - started,
  };
}

function platformOf({ name }: TargetShell, said: ReadonlyMap<string, readonly string[]>): ServerPlatform {
  const system = said.get("system")?.[0] ?? "";
  const [os = "", machineName = ""] = system.split(" ");
  if (os !== "Linux") {
    throw new InstallError(`${name} runs ${os || "an unknown system"}, and codex-env serves only on Linux`);
  }
  const machine = machineNamed(machineName);
  if (machine === undefined) {
    throw new InstallError(
      `${name} is a machine of the kind ${machineName || "?"}: there is codex-env for x86_64 and aarch64`,
    );
  }
  // Where both are, the build for glibc needs nothing else.
  const libcs = said.get("libc") ?? [];
  if (libcs.includes("glibc")) return { machine, libc: "glibc" };
  if (libcs.includes("musl")) return { machine, libc: "musl" };
  throw new InstallError(
    `${name} has neither glibc nor musl where they usually are, and codex-env needs one of them`,
  );
}
