/** A platform that codex-env serves on. */
export interface ServerPlatform {
  readonly machine: "x64" | "arm64";
  readonly libc: "glibc" | "musl";
}

/** As it stands in the names of the release directory: `linux-arm64-musl`. */
export function platformName({ machine, libc }: ServerPlatform): string {
  return `linux-${machine}${libc === "musl" ? "-musl" : ""}`;
}

/** The machine by a name that `uname -m` gives it; undefined for one that we have no build for. */
export function machineNamed(name: string): ServerPlatform["machine"] | undefined {
  if (name === "x86_64" || name === "amd64") return "x64";
  return name === "aarch64" || name === "arm64" ? "arm64" : undefined;
}
