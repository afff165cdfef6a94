import type { MethodParams } from "../../protocol/methods.ts";
// Not from the schemas: a helper has no need of them, and 2 ms to start.
import { sandboxKind } from "../../protocol/sandbox/sandbox-kind.ts";
import type { SandboxContext } from "../../protocol/sandbox.ts";
import type { FollowOption } from "../file-system.ts";
import type { NativePath } from "../native-path.ts";
import { invalidInput } from "../os-error.ts";

interface PathRequest {
  readonly path: MethodParams["fs/readFile"]["path"];
  readonly sandbox: SandboxContext | null;
}

/** The path of a request that no sandbox keeps from it. */
export function requestedPath({ path, sandbox }: PathRequest): NativePath {
  refuseSandbox(sandbox);
  return path.toHost().native;
}

/** Fails closed: what asks for a sandbox does not run without one. */
export function refuseSandbox(sandbox: SandboxContext | null): void {
  if (sandboxKind(sandbox) !== "restricted") return;
  throw invalidInput("sandboxed filesystem requests are not served here: nothing was read or changed");
}

/** Absent or null follows. */
export function follow({ followSymlinks }: { readonly followSymlinks: boolean | null }): FollowOption {
  return { followSymlinks: followSymlinks ?? true };
}
