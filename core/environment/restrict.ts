import type { FileSystem } from "../filesystem/file-system.ts";
import type { ProcessBackend } from "../process/process-backend.ts";
import type { EnvironmentCapabilities } from "./environment-capabilities.ts";
import { CapabilityDisabledError } from "./environment-errors.ts";

interface Restricted {
  readonly id: string;
  readonly capabilities: EnvironmentCapabilities;
}

/** The processes, or a backend that refuses to start any. */
export function restrictProcesses(
  processes: ProcessBackend,
  { id, capabilities }: Restricted,
): ProcessBackend {
  if (capabilities.execEnabled) return processes;
  return { start: () => Promise.reject(disabled(id, "commands")) };
}

/** The files, or a file system of which every method refuses. */
export function restrictFiles(files: FileSystem, { id, capabilities }: Restricted): FileSystem {
  return capabilities.filesystemEnabled ? files : refusingFiles(() => disabled(id, "files"));
}

/** A file system of which every method rejects. */
export function refusingFiles(why: () => Error): FileSystem {
  const refuse = () => Promise.reject(why());
  return {
    readFile: refuse,
    writeFile: refuse,
    createDirectory: refuse,
    getMetadata: refuse,
    canonicalize: refuse,
    readDirectory: refuse,
    walk: refuse,
    remove: refuse,
    copy: refuse,
    open: refuse,
    watchMissing: refuse,
  };
}

function disabled(id: string, what: string): CapabilityDisabledError {
  return new CapabilityDisabledError(`environment \`${id}\` may not be used for ${what}`);
}
