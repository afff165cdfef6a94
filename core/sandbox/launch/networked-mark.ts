import { closeSync, readFileSync } from "node:fs";
import { libc } from "../../host/libc.ts";
import { checked } from "../../host/os-error.ts";
import type { SandboxPlan } from "../plan/sandbox-plan.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import type { Placeholder } from "./placeholder.ts";

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;

const prefix = "codex-env-networked-";

/**
 * What is held, as a placeholder is, while a sandbox with network runs: a socket that nobody can connect to, with an
 * abstract name. Such names are there for all who share the network, whatever their environment and files, and end with
 * their last holder, however that ends. None for a plan without network. Throws SandboxRefusal.
 */
export function holdNetworkedMark(plan: SandboxPlan): readonly Placeholder[] {
  if (plan.network !== "enabled") return [];
  try {
    return [
      { path: "", entry: "", kind: "file", descriptor: namedSocket(`${prefix}${crypto.randomUUID()}`) },
    ];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SandboxRefusal(`it cannot be marked that a sandbox with network runs: ${why}`, {
      cause: error,
    });
  }
}

/**
 * Whether a sandbox with network runs, of any server. In doubt it does. Whose it is is not asked: in user namespaces one
 * account has several numbers.
 */
export function networkedSandboxesRun(): boolean {
  try {
    return readFileSync("/proc/self/net/unix", "latin1").includes(` @${prefix}`);
  } catch {
    return true;
  }
}

function namedSocket(name: string): number {
  const descriptor = checked(libc().socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  try {
    // struct sockaddr_un: the family, then the name; a NUL first makes it abstract.
    const address = Buffer.from(`\u0001\0\0${name}`, "latin1");
    checked(libc().bind(descriptor, address, address.length));
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}
