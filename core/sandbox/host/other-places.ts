import { isUtf8 } from "node:buffer";
import {
  type HostMount,
  type HostMounts,
  hostMounts,
  mountAround,
  mountinfoPath,
} from "../bubblewrap/host-mounts.ts";
import type { OtherPlace } from "../plan/host-facts.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";

/**
 * Finds where else the host's mounts show what is at a path, or a part of it: a directory that is mounted a second time
 * has two names, and a rule for the one says nothing of the other. The mounts are read with the first question.
 */
export function placeFinder(read: () => HostMounts = hostMounts): (path: string) => readonly OtherPlace[] {
  let host: HostMounts | undefined;
  let byDevice: ReadonlyMap<string, readonly HostMount[]> | undefined;
  const known = new Map<string, readonly OtherPlace[]>();
  const find = (path: string): readonly OtherPlace[] => {
    host ??= read();
    byDevice ??= Map.groupBy(host.visible.values(), ({ device }) => device);
    const point = mountinfoPath(path);
    const around = mountAround(host, point);
    if (around === undefined || hidesRoots(around)) return [];
    const others = byDevice.get(around.device) ?? [];
    if (others.length < 2) return [];
    const object = inside(around.root, below(around.point, point));
    return others
      .filter((mount) => mount !== around)
      .flatMap((mount) => shownBy(mount, object, host ?? { visible: new Map() }));
  };
  return (path) => {
    const places = known.get(path) ?? find(path);
    known.set(path, places);
    return places;
  };
}

/** Its mounts all say that they show the top of their file system, or say it of the asker's place in it. */
function hidesRoots({ type }: HostMount): boolean {
  return ["nfs", "nfs4", "cgroup", "cgroup2", "proc", "sysfs"].includes(type);
}

function shownBy(mount: HostMount, object: string, host: HostMounts): readonly OtherPlace[] {
  const part = isWithin(mount.root, object) ? below(object, mount.root) : undefined;
  const whole = isWithin(object, mount.root) ? below(mount.root, object) : undefined;
  if (part === undefined && whole === undefined) return [];
  const point = inside(mount.point, whole ?? "");
  // Another mount covers it.
  if (mountAround(host, point) !== mount) return [];
  return [{ path: native(point), shows: part === undefined ? "" : native(part) }];
}

/** What is left of a path below one that it is in: nothing, or names with a slash in front. */
function below(top: string, path: string): string {
  return top === "/" ? (path === "/" ? "" : path) : path.slice(top.length);
}

function inside(top: string, rest: string): string {
  return top === "/" ? rest || "/" : `${top}${rest}`;
}

function isWithin(path: string, top: string): boolean {
  return path === top || top === "/" || path.startsWith(`${top}/`);
}

/** A path of mountinfo as it is. */
function native(path: string): string {
  const bytes = path.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
  const name = Buffer.from(bytes, "latin1");
  if (isUtf8(name)) return name.toString();
  throw new SandboxRefusal(`${name} shows what the profile speaks of once more, and is no UTF-8`);
}
