import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const listenState = "0A";

function inodesListeningOn(port: number): Set<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const inodes = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of readFileSync(table, "utf8").split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[3] === listenState && fields[1]?.endsWith(suffix) && fields[9]) inodes.add(fields[9]);
    }
  }
  return inodes;
}

function holdsOne(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    return false;
  }
}

/** The process of this machine that listens on a TCP port. */
export function pidListeningOn(port: number): number {
  const inodes = inodesListeningOn(port);
  const pid = readdirSync("/proc").find((name) => /^\d+$/.test(name) && holdsOne(name, inodes));
  if (pid === undefined) throw new Error(`nothing listens on port ${port} here`);
  return Number(pid);
}
