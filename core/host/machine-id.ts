import { hostname } from "node:os";

/** What this machine was named at its installation; its host name where there is no such file. */
export async function machineId(): Promise<string> {
  try {
    return (await Bun.file("/etc/machine-id").text()).trim() || hostname();
  } catch {
    return hostname();
  }
}
