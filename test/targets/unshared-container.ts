import { existsSync, readFileSync } from "node:fs";
import { $ } from "bun";
import { until } from "../support/wait.ts";
import { makeRootDirectory } from "./root-directory.ts";

/** In the root directory of its own, not on this machine. */
const home = "/root";

/** A container without an engine: namespaces and a root directory of its own, which nsenter goes into. */
export interface Container extends AsyncDisposable {
  /** HOME in there. */
  readonly home: string;
  /** What stands before a command to run it inside. */
  readonly enter: readonly string[];
}

/** Why there can be none here; undefined where there can. */
export async function lacksUnshare(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "unsharing a root directory needs root";
  const tried = await $`unshare --mount --pid --fork --uts --ipc mount -t proc proc /proc`.quiet().nothrow();
  return tried.exitCode === 0 ? undefined : `unshare: ${tried.stderr.toString().trim()}`;
}

export async function startUnsharedContainer(): Promise<Container> {
  const root = await makeRootDirectory();
  const script = [
    `mount -t proc proc ${root.path}/proc`,
    `mount --bind /dev ${root.path}/dev`,
    `mount -t tmpfs tmpfs ${root.path}/tmp`,
    `exec chroot ${root.path} /bin/sleep 1000`,
  ].join(" && ");
  const namespaces = ["--mount", "--pid", "--uts", "--ipc", "--net", "--fork", "--kill-child"];
  // A test that is killed takes it along.
  const words = ["setpriv", "--pdeathsig", "KILL", "unshare", ...namespaces, "sh", "-c", script];
  const holder = Bun.spawn(words, {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const inside = (): number | undefined => {
    const path = `/proc/${holder.pid}/task/${holder.pid}/children`;
    const child = existsSync(path) ? Number(readFileSync(path, "utf8")) : 0;
    if (child === 0) return undefined;
    return readFileSync(`/proc/${child}/cmdline`, "utf8").includes("/bin/sleep") ? child : undefined;
  };
  if (!(await until(() => inside() !== undefined, 10_000))) throw new Error("the container did not start");
  const flags = ["--mount", "--pid", "--uts", "--ipc", "--net", "--root", "--wd"];
  return {
    home,
    enter: ["nsenter", "--target", `${inside()}`, ...flags, "/bin/env", "-i", `HOME=${home}`, "PATH=/bin"],
    async [Symbol.asyncDispose]() {
      holder.kill("SIGKILL");
      await holder.exited;
      root[Symbol.dispose]();
    },
  };
}
