import { lstatSync, realpathSync } from "node:fs";
import { dirname } from "node:path";

/** Whether a path may be executed by a server, whoever asks: only root could have put something else there. */
export type TrustVerdict =
  | { readonly kind: "trusted" /** Without symbolic links. */; readonly realPath: string }
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly reason: string };

const WRITABLE_BY_OTHERS = 0o022;
const EXECUTABLE = 0o111;

/** Looks at a program and at every directory above it. `owner` is the one account that may have made them: root. */
export function trustProgram(path: string, owner = 0): TrustVerdict {
  try {
    const realPath = realpathSync(path);
    const reason = programFault(realPath, owner) ?? parentFault(realPath, owner);
    return reason === undefined ? { kind: "trusted", realPath } : { kind: "refused", reason };
  } catch {
    // Not there, or not for us to see.
    return { kind: "absent" };
  }
}

function programFault(path: string, owner: number): string | undefined {
  const stats = lstatSync(path);
  if (!stats.isFile()) return `${path} is not a file`;
  if ((stats.mode & EXECUTABLE) === 0) return `${path} is not executable`;
  return ownershipFault(path, owner);
}

function parentFault(path: string, owner: number): string | undefined {
  for (let parent = dirname(path); ; parent = dirname(parent)) {
    const fault = ownershipFault(parent, owner);
    if (fault !== undefined) return fault;
    if (parent === "/") return undefined;
  }
}

function ownershipFault(path: string, owner: number): string | undefined {
  const stats = lstatSync(path);
  if (stats.uid !== owner) return `${path} does not belong to root`;
  if ((stats.mode & WRITABLE_BY_OTHERS) !== 0) return `${path} can be written by other accounts than root`;
  return undefined;
}
