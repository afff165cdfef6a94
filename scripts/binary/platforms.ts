/** One platform that the binary is built for. */
export interface Platform {
  /** As it stands in the file's name: `dist/codex-env-linux-arm64-musl`. */
  readonly name: string;
  /** The name of its Bun in scripts/toolchain/bun.txt. */
  readonly runtime: string;
  /** What this build cannot do at run time, in plain words; nothing for the platform that the tests run on. */
  readonly lacks?: string;
}

const untested = "built but not run by the tests";
const musl = `${untested}; needs libstdc++, which Alpine has only after "apk add libstdc++"`;
const noCommands =
  "starts no commands, as the guardian is written for Linux: it reaches other machines with connect, exec and cp, and serves none";

export const platforms: readonly Platform[] = [
  { name: "linux-x64", runtime: "linux-x64" },
  { name: "linux-arm64", runtime: "linux-aarch64", lacks: untested },
  { name: "linux-x64-musl", runtime: "linux-x64-musl", lacks: musl },
  { name: "linux-arm64-musl", runtime: "linux-aarch64-musl", lacks: musl },
  { name: "darwin-arm64", runtime: "darwin-aarch64", lacks: `${untested}; ${noCommands}` },
  { name: "darwin-x64", runtime: "darwin-x64", lacks: `${untested}; ${noCommands}` },
];
