import { providerId } from "../host/provider-id.ts";
import { formatPath } from "../protocol/path/format-path.ts";
import type { EnvironmentInfo } from "../protocol/results.ts";
import type { HostAccount } from "./host-account.ts";

/** The version whose wire this server speaks; clients gate features on it. */
export const EXECUTOR_VERSION = "0.169.0";

export interface EnvironmentInfoSource {
  readonly account: HostAccount;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Only its digest is told. */
  readonly machineId: string;
  /** codex-env's own version: a member that stock clients do not look at. */
  readonly version: string;
}

/** The `environment/info` answer: facts about this machine, and which optional parts are there. */
export function environmentInfo({
  account,
  environment,
  cwd,
  machineId,
  version,
}: EnvironmentInfoSource): EnvironmentInfo {
  const uri = (path: string): string => formatPath(path, "uri");
  const home = environment["HOME"] ?? account.home;
  const temporary = environment["TMPDIR"];
  const temporaryPath = temporary === undefined || temporary === "" ? undefined : absolute(cwd, temporary);
  return {
    shell: { name: account.shell.slice(account.shell.lastIndexOf("/") + 1), path: account.shell },
    executorVersion: EXECUTOR_VERSION,
    codexEnvVersion: version,
    providerId: providerId(machineId),
    cwd: uri(cwd),
    ...(home.startsWith("/") ? { userHomeDir: uri(home) } : {}),
    platformOs: process.platform === "darwin" ? "macos" : process.platform,
    prependPathDirs: [],
    temporaryDirectories: temporaryPath === undefined ? [] : [uri(temporaryPath)],
    tempDir: uri(temporaryPath ?? "/tmp"),
    capabilities: {
      ...NOT_HERE,
      fsWatchMissing: true,
      fileWriteStreaming: true,
      processResize: true,
      processCloseStdin: true,
      processList: true,
      processSignalNames: true,
      processPtySize: true,
      sandboxedFileStreaming: true,
      sessionTtl: true,
    },
  };
}

/** node:path takes a quarter of a millisecond to load, and few machines set TMPDIR. */
function absolute(directory: string, path: string): string {
  return process.getBuiltinModule("node:path").resolve(directory, path);
}

/** Parts of the reference that this server does not have; clients leave the matching requests and fields out. */
const NOT_HERE = {
  networkProxyLaunch: false,
  networkProxyReviewDomains: false,
  credentialMasking: false,
  credentialMaskingCustomProviders: false,
  capabilityDiscoverySandbox: false,
  capabilityDiscoveryV2: false,
  environmentConfigRead: false,
  httpHeaderEnvVars: false,
  shellSnapshotV2: false,
  windowsMxc: false,
  linuxRootWritePreservesDevices: false,
  linuxApprovedRootWritePreservesRestrictions: false,
} as const;
