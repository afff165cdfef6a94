import type { SandboxPlan } from "../plan/sandbox-plan.ts";
import { SandboxRefusal } from "../sandbox-refusal.ts";
import { isBelow, type MountNode } from "./mount-tree.ts";

/** What mounts are made of beside the plan. */
export interface MountMaterial {
  /** For what is masked in the kernel's directories. */
  readonly maskFile: string;
  /** The terminal of who will work inside, by its name on the host; it is /dev/console there. */
  readonly terminal?: string;
  /** Whoever is inside judges every path himself, and writes to none of the kernel's. */
  readonly noDevices?: boolean;
}

/**
 * The mounts of a sandbox, in bubblewrap's words. It goes by names and makes what they lack, so that it gets only what
 * nobody can exchange: the kernel's directories, and the root.
 */
export interface MountArguments {
  readonly bubblewrap: readonly string[];
  /** Made afterwards, by descriptors: see later-mounts.ts. */
  readonly later: readonly string[];
}

/** What holds around a node: `own` is a file system that nobody else sees. */
interface Around {
  readonly access: SandboxPlan["disk"] | "deny" | "own";
  /** The mount that `access` comes from. */
  readonly mount: string;
}

/** Where the host's shared memory is, and the sandbox's own. */
export const sharedMemory = "/dev/shm";

const bases = {
  nothing: ["--tmpfs", "/"],
  read: ["--ro-bind", "/", "/"],
  write: ["--bind", "/", "/"],
} as const;

/** The mounts of a sandbox, in the order in which they have to be made. */
export function mountArguments(
  plan: Pick<SandboxPlan, "disk" | "links">,
  top: readonly MountNode[],
  material: MountMaterial,
): MountArguments {
  const { disk } = plan;
  const shared: string[] = [];
  const closed = material.noDevices === true ? [] : commandFiles.flatMap(readOnly);
  const pinned = new Set<string>();

  const under = (nodes: readonly MountNode[], around: Around): string[] =>
    nodes.flatMap((node) => mount(node, around));

  function mount(node: MountNode, around: Around): string[] {
    if (node.own !== undefined) return own(node, around);
    const inside = { access: node.access, mount: node.path };
    if (node.access === around.access) {
      return [
        ...(node.pinned === true ? pins(node.path, around, "itself too") : []),
        ...under(node.children, around),
      ];
    }
    // What is not there at all needs no mask.
    if (node.access === "deny" && around.access === "nothing") return under(node.children, around);
    const before = node.access === "write" ? [] : pins(node.path, around);
    switch (node.access) {
      case "read":
        return [...before, "--ro-bind", node.path, node.path, ...under(node.children, inside)];
      case "write":
        return ["--bind", node.path, node.path, ...under(node.children, inside)];
      case "deny":
        return [...before, ...(node.stands === "file" ? maskFile(node, around) : maskDirectory(node))];
    }
  }

  /** Directories on the way to a narrower path are mounts of their own: a mount cannot be renamed out of the way. */
  function pins(path: string, around: Around, last?: "itself too"): string[] {
    if (around.access !== "write") return [];
    const above = pathsBetween(around.mount, path);
    const made = (last === undefined ? above : [...above, path]).filter(
      (directory) => !pinned.has(directory),
    );
    for (const directory of made) pinned.add(directory);
    return made.flatMap((directory) => ["--bind", directory, directory]);
  }

  function maskFile(node: MountNode, around: Around): string[] {
    if (node.children.length > 0)
      throw new SandboxRefusal(`${node.path} is a file: nothing can be opened below it`);
    const isBubblewraps = around.access === "own" && around.mount !== sharedMemory;
    return isBubblewraps ? ["--ro-bind", material.maskFile, node.path] : ["--mask", node.path];
  }

  function maskDirectory(node: MountNode): string[] {
    const reopened = reopenedBelow(node.children);
    const ways = new Set(reopened.flatMap((path) => pathsBetween(node.path, path)));
    return [
      "--perms",
      ways.size + reopened.length > 0 ? "111" : "000",
      "--tmpfs",
      node.path,
      ...[...ways].flatMap((way) => ["--perms", "111", "--dir", way]),
      ...under(node.children, { access: "deny", mount: node.path }),
      // Not recursive: what was opened again below stays as it is.
      "--remount-ro",
      node.path,
    ];
  }

  /** The kernel's directories, which the sandbox has of its own. */
  function own(node: MountNode, around: Around): string[] {
    const inside: Around = { access: "own", mount: node.path };
    switch (node.own) {
      case "dev": {
        const others = node.children.filter((child) => !isHostsSharedMemory(child));
        shared.push(...under(node.children.filter(isHostsSharedMemory), inside));
        return ["--dev", "/dev", ...terminal, ...under(others, inside), "--remount-ro", "/dev"];
      }
      case "shm":
        return ownSharedMemory(node, around);
      case "proc":
        return ["--proc", "/proc", ...closed, ...under(node.children, inside)];
      case "sysctl":
        return ["--ro-bind", "/proc/sys", "/proc/sys", ...under(node.children, inside)];
      default:
        return under(node.children, around);
    }
  }

  /** On the host anybody may exchange names in it: bubblewrap makes nothing below. */
  function ownSharedMemory({ path, children }: MountNode, around: Around): string[] {
    const itself = disk === "write" ? ["--bind-try", path, path] : ["--perms", "1777", "--tmpfs", path];
    const below = under(children, { access: disk === "write" ? "write" : "own", mount: path });
    if (around.access !== "own") return [...itself, ...below];
    shared.push(...(disk === "write" ? below : [...itself, ...below]));
    return disk === "write" ? itself : [];
  }

  // A terminal without a name inside is none to programs that ask for it.
  const terminal = material.terminal === undefined ? [] : ["--dev-bind", material.terminal, "/dev/console"];
  // Elsewhere they are there already.
  const links = disk === "nothing" ? plan.links.filter(({ path }) => !isInside(path, top)) : [];
  const outside: Around = { access: disk, mount: "/" };
  const kernels = under(
    top.filter((node) => node.own !== undefined),
    outside,
  );
  const others = under(
    top.filter((node) => node.own === undefined),
    outside,
  );
  // Also writes beside every granted path then fail, instead of vanishing with the sandbox.
  const end = disk === "nothing" ? ["--remount-ro", "/"] : [];
  return {
    bubblewrap: [
      ...bases[disk],
      ...links.flatMap(({ path, target }) => ["--symlink", target, path]),
      ...kernels,
    ],
    later: [...shared, ...others, ...end],
  };
}

/**
 * What is in any /proc belongs to the whole host, and for these its owner, uid 0, needs no capability to write: reboots,
 * memory ranges, devices. bubblewrap covers /proc/bus and /proc/irq itself, and /proc/sysrq-trigger as far as it sees
 * a need.
 */
const commandFiles = ["acpi", "asound", "driver", "dynamic_debug", "fs", "mtrr", "scsi", "sysrq-trigger"];

function readOnly(name: string): readonly string[] {
  return ["--ro-bind-try", `/proc/${name}`, `/proc/${name}`];
}

/** Named by a rule itself. */
function isHostsSharedMemory({ path, own }: MountNode): boolean {
  return path === sharedMemory && own === undefined;
}

/** Whether a mount covers the path, or stands below it. */
function isInside(path: string, top: readonly MountNode[]): boolean {
  return top.some((node) => node.path === path || isBelow(path, node.path) || isBelow(node.path, path));
}

/** The nearest paths below a denied directory that are granted again. */
function reopenedBelow(nodes: readonly MountNode[]): readonly string[] {
  return nodes.flatMap((node) => (node.access === "deny" ? reopenedBelow(node.children) : [node.path]));
}

/** Directories strictly between the two, from the top. */
function pathsBetween(top: string, path: string): readonly string[] {
  const between: string[] = [];
  for (let end = path.indexOf("/", 1); end !== -1; end = path.indexOf("/", end + 1)) {
    const directory = path.slice(0, end);
    if (isBelow(directory, top)) between.push(directory);
  }
  return between;
}
