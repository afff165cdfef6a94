import { readFileSync } from "node:fs";

/** A mount of the host, its paths as the kernel writes them: blanks and backslashes as octal numbers, each byte a character. */
export interface HostMount {
  readonly point: string;
  /** What of its file system is mounted. */
  readonly root: string;
  /** `major:minor`. */
  readonly device: string;
  readonly type: string;
}

/** What is mounted where. */
export interface HostMounts {
  /** Those that can be seen, by their points. */
  readonly visible: ReadonlyMap<string, HostMount>;
}

interface Line extends HostMount {
  readonly id: string;
  readonly parent: string;
}

let known: { readonly text: Buffer; readonly mounts: HostMounts } | undefined;

/** This process's mounts as they are now. */
export function hostMounts(): HostMounts {
  const text = readFileSync("/proc/self/mountinfo");
  if (known === undefined || !known.text.equals(text)) {
    known = { text, mounts: { visible: visibleMounts(text.toString("latin1")) } };
  }
  return known.mounts;
}

/** A path as mountinfo has it. */
export function mountinfoPath(path: string): string {
  const bytes = Buffer.from(path).toString("latin1");
  return bytes.replace(/[ \t\n\\]/g, (odd) => `\\${odd.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

/** The mount that a path (as in mountinfo) lies in. */
export function mountAround({ visible }: HostMounts, path: string): HostMount | undefined {
  for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const mount = visible.get(at);
    if (mount !== undefined) return mount;
  }
  return visible.get("/");
}

/** Mountinfo's mounts that paths lead to: not those that another one covers. */
export function visibleMounts(mountinfo: string): ReadonlyMap<string, HostMount> {
  const groups = Map.groupBy(mountinfo.split("\n").flatMap(lineOf), ({ point }) => point);
  const visible = new Map<string, Line>();
  const above: Line[] = [];
  for (const [point, group] of [...groups].sort(([a], [b]) => byComponents(a, b))) {
    while (above.length > 0 && !isInside(point, above.at(-1)?.point ?? "")) above.pop();
    const under = above.at(-1)?.id;
    const bottom = under === undefined ? lowestOf(group) : undefined;
    const top = topOf(group, under ?? bottom?.id) ?? bottom;
    if (top === undefined) continue;
    visible.set(point, top);
    above.push(top);
  }
  return visible;
}

/** "36 35 98:0 /root /point rw,noatime [optional ...] - type source options" */
function lineOf(line: string): readonly Line[] {
  const [id, parent, device, root, point] = line.split(" ", 5);
  const [type = ""] = line.slice(line.indexOf(" - ") + 3).split(" ", 1);
  if (id === undefined || parent === undefined || device === undefined) return [];
  if (root === undefined || point === undefined) return [];
  return [{ id, parent, device, root, point, type }];
}

function topOf(group: readonly Line[], under: string | undefined): Line | undefined {
  const next = group.find(({ id, parent }) => parent === under && id !== under);
  return next === undefined ? undefined : (topOf(group, next.id) ?? next);
}

/** The first root file system stands on none, or on itself. */
function lowestOf(group: readonly Line[]): Line | undefined {
  return group.find(({ parent, id: own }) => parent === own || group.every(({ id }) => id !== parent));
}

function isInside(path: string, directory: string): boolean {
  return directory === "/" || path.startsWith(`${directory}/`);
}

function byComponents(left: string, right: string): number {
  const a = left.replaceAll("/", "\0");
  const b = right.replaceAll("/", "\0");
  return a < b ? -1 : a > b ? 1 : 0;
}
