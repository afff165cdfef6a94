import { lstatSync, realpathSync } from "node:fs";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { type HostMount, type HostMounts, mountAround, mountinfoPath } from "./host-mounts.ts";

/** A mount that a sandbox has to have, or may have; its paths as in mountinfo. */
export interface ExpectedMount {
  readonly point: string;
  readonly readOnly: boolean;
  /** Others may be there, as what the host has mounted below a bound path. */
  readonly required: boolean;
  /** What of its file system is mounted; `*` for anything, `#N` for the object of that inode. */
  readonly root: string;
  /** `major:minor`, or the type of a file system of the sandbox's own. */
  readonly system: string;
}

/**
 * What bubblewrap's words and those of later mounts come to, if each name means what it meant when the plan was made: sorted by their points. The
 * stage compares it with what was mounted. Throws SandboxRefusal when the host's own mounts cannot be told.
 */
export function expectedMounts(words: readonly string[], host: HostMounts): readonly ExpectedMount[] {
  const expected = new Expected(host);
  for (let at = 0; at < words.length; ) {
    const [word = "", first = "", second = ""] = words.slice(at, at + 3);
    at += 1 + (argumentCounts[word] ?? 0);
    switch (word) {
      case "--bind":
      case "--bind-try":
      case "--dev-bind":
      case "--ro-bind":
      case "--ro-bind-try":
        expected.bind(first, second, {
          readOnly: word.startsWith("--ro"),
          required: !word.endsWith("-try"),
        });
        break;
      case "--mask":
        expected.own("tmpfs", first, { readOnly: true, root: "/mask" });
        break;
      case "--tmpfs":
        expected.own("tmpfs", first);
        break;
      case "--dev":
        expected.devices(first);
        break;
      case "--proc":
        expected.processes(first);
        break;
      case "--remount-ro":
        expected.close(first);
        break;
    }
  }
  return expected.sorted();
}

const argumentCounts: Readonly<Record<string, number>> = {
  "--cap-drop": 1,
  "--seccomp": 1,
  "--perms": 1,
  "--dir": 1,
  "--symlink": 2,
  "--tmpfs": 1,
  "--dev": 1,
  "--proc": 1,
  "--remount-ro": 1,
  "--mask": 1,
  "--bind": 2,
  "--bind-try": 2,
  "--dev-bind": 2,
  "--ro-bind": 2,
  "--ro-bind-try": 2,
};

type Traits = Pick<ExpectedMount, "readOnly" | "required">;

class Expected {
  readonly #host: HostMounts;
  readonly #mounts = new Map<string, ExpectedMount>();
  /** One mask lies over many files. */
  readonly #sources = new Map<string, string>();

  constructor(host: HostMounts) {
    this.#host = host;
  }

  /** With everything that the host has mounted below the source. */
  bind(source: string, target: string, traits: Traits): void {
    const path = source === target ? mountinfoPath(target) : this.#realSource(source);
    const point = mountinfoPath(target);
    const around = mountAround(this.#host, path);
    if (around === undefined) throw new SandboxRefusal(`it cannot be told what is mounted at ${source}`);
    this.#set({ point, ...traits, root: rootOf(around, path, source), system: around.device });
    if (path !== point) return;
    const below = path === "/" ? "/" : `${path}/`;
    for (const mount of this.#host.visible.values()) {
      if (mount.point === path || !mount.point.startsWith(below)) continue;
      const root = hidesRoot(mount.type) ? "*" : mount.root;
      this.#set({
        point: mount.point,
        readOnly: traits.readOnly,
        required: false,
        root,
        system: mount.device,
      });
    }
  }

  own(type: string, target: string, traits: Partial<Traits> & { readonly root?: string } = {}): void {
    const mount = { readOnly: false, required: true, root: "/", ...traits };
    this.#set({ ...mount, point: mountinfoPath(target), system: type });
  }

  devices(target: string): void {
    this.own("tmpfs", target);
    for (const name of ["null", "zero", "full", "random", "urandom", "tty"])
      this.bind(`/dev/${name}`, `${target}/${name}`, { readOnly: false, required: false });
    this.own("devpts", `${target}/pts`, { required: false });
  }

  /** bubblewrap covers what it can see a need for. */
  processes(target: string): void {
    this.own("proc", target);
    for (const name of ["sys", "sysrq-trigger", "irq", "bus"])
      this.own("proc", `${target}/${name}`, { readOnly: true, required: false, root: `/${name}` });
  }

  close(target: string): void {
    const point = mountinfoPath(target);
    const mount = this.#mounts.get(point);
    if (mount !== undefined) this.#mounts.set(point, { ...mount, readOnly: true });
  }

  sorted(): readonly ExpectedMount[] {
    return [...this.#mounts.values()].sort((a, b) => (a.point < b.point ? -1 : a.point > b.point ? 1 : 0));
  }

  #realSource(source: string): string {
    const path = this.#sources.get(source) ?? mountinfoPath(realpathSync(source));
    this.#sources.set(source, path);
    return path;
  }

  #set(mount: ExpectedMount): void {
    this.#mounts.set(mount.point, mount);
  }
}

function rootOf(around: HostMount, path: string, source: string): string {
  if (isCgroup(around.type)) return "*";
  // NFS says "/" of whatever is mounted.
  if (hidesRoot(around.type)) return `#${lstatSync(source, { bigint: true }).ino}`;
  const rest = around.point === "/" ? path : path.slice(around.point.length);
  if (around.root === "/") return rest === "" ? "/" : rest;
  return rest === "/" ? around.root : `${around.root}${rest}`;
}

/** The roots of these are seen from the control group of who asks. */
function isCgroup(type: string): boolean {
  return type === "cgroup" || type === "cgroup2";
}

function hidesRoot(type: string): boolean {
  return isCgroup(type) || type === "nfs" || type === "nfs4";
}
