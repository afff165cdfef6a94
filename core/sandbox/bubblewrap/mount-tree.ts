import type { Access } from "../policy/sandbox-policy.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";

/** A path at which the view inside changes, with what changes again below it. */
export interface MountNode {
  readonly path: string;
  readonly access: Access;
  readonly stands: "directory" | "file";
  /** A file system of the sandbox's own instead of the host's. */
  readonly own?: "dev" | "shm" | "proc" | "sysctl";
  /** It is to stay where it is, whatever its access. */
  readonly pinned?: boolean;
  readonly children: MountNode[];
}

export type MountPoint = Omit<MountNode, "children">;

/** Whether `path` lies below `directory`. */
export function isBelow(path: string, directory: string): boolean {
  return path !== directory && path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

/** Nests mount points by path; each path once. Throws SandboxRefusal for a path that no mount can be made at. */
export function mountTree(points: readonly MountPoint[]): readonly MountNode[] {
  const top: MountNode[] = [];
  const above: MountNode[] = [];
  for (const point of [...points].sort(byComponents)) {
    refuseOddPath(point.path);
    const node = { ...point, children: [] };
    while (above.length > 0 && !isBelow(point.path, above.at(-1)?.path ?? "")) above.pop();
    (above.at(-1)?.children ?? top).push(node);
    above.push(node);
  }
  return top;
}

/** A directory directly before everything below it: `/a`, `/a/b`, `/a-b`. */
function byComponents(left: MountPoint, right: MountPoint): number {
  const a = left.path.replaceAll("/", "\0");
  const b = right.path.replaceAll("/", "\0");
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Real paths have no such parts; bubblewrap would resolve them somewhere else than the plan did. */
function refuseOddPath(path: string): void {
  const parts = path.split("/");
  const odd =
    !path.startsWith("/") || parts.slice(1).some((part) => part === "" || part === "." || part === "..");
  if (odd || path.includes("\0"))
    throw new SandboxRefusal(`${JSON.stringify(path)} is no real absolute path`);
}
