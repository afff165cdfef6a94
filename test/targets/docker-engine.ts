import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { $ } from "bun";
import { until } from "../support/wait.ts";
import { makeRootDirectory } from "./root-directory.ts";

/** A dockerd of our own with one container; storage, socket and network are its own as well. */
export interface DockerEngine extends AsyncDisposable {
  /** The name of the running container, which no other one has; a user `dev` is in it. */
  readonly container: string;
  /** With the DOCKER_HOST that leads there. */
  readonly variables: Readonly<Record<string, string>>;
  /** State and command line of each; orphans that have ended stay, since the first process there only sleeps. */
  processes(): Promise<readonly string[]>;
}

/** It mounts and writes beside its directories; whatever is not theirs lies on these for as long as it lives. */
const scratch = ["/run", "/etc/docker"];

/** As in every pid namespace, all others end with its first process, so that nothing survives ours. */
const namespaces = ["--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc"];

/** Starts one; or says why there can be none here. */
export async function startDockerEngine(): Promise<DockerEngine | string> {
  for (const program of ["dockerd", "docker", "containerd", "runc"]) {
    if (Bun.which(program) === null) return `there is no ${program} (Debian: docker.io)`;
  }
  if (process.getuid?.() !== 0) return "dockerd needs root";
  const directory = mkdtempSync(join(tmpdir(), "codex-env-docker-"));
  const container = basename(directory);
  const madeConfiguration = mkdirSync("/etc/docker", { recursive: true }) !== undefined;
  const log = join(directory, "log");
  const words = ["unshare", ...namespaces, "sh", "-c", startScript(directory)];
  // A test that is killed takes it along.
  const engine = Bun.spawn(["setpriv", "--pdeathsig", "KILL", ...words], {
    stdio: ["ignore", "ignore", Bun.file(log)],
  });
  const variables = { DOCKER_HOST: `unix://${directory}/socket` };
  const docker = (...words: readonly string[]) =>
    $`docker ${words}`
      .env({ ...process.env, ...variables })
      .quiet()
      .nothrow();
  const remove = async () => {
    // The first of the namespace: unshare waits for it, and all others end with it.
    await $`pkill -KILL -P ${engine.pid}`.quiet().nothrow();
    await engine.exited;
    await removeControlGroups(basename(directory));
    rmSync(directory, { recursive: true, force: true });
    if (madeConfiguration) rmdirSync("/etc/docker");
  };
  const listens = () => readFileSync(log, "utf8").includes("API listen on");
  await until(() => listens() || engine.exitCode !== null, 20_000);
  const failure = listens() ? await startContainer(directory, docker) : lastLines(log);
  if (failure !== undefined) {
    await remove();
    return `dockerd does not work here: ${failure}`;
  }
  return {
    container,
    variables,
    async processes() {
      const { stdout } = await docker("exec", container, "ps", "-o", "stat,args");
      return stdout.toString().trim().split("\n").slice(1);
    },
    [Symbol.asyncDispose]: remove,
  };
}

const image = "codex-env-test";

function startScript(directory: string): string {
  const words = [
    ["--data-root", `${directory}/data`],
    ["--exec-root", `${directory}/exec`],
    ["--pidfile", `${directory}/pid`],
    ["--config-file", `${directory}/daemon.json`],
    ["--host", `unix://${directory}/socket`],
    // Nothing but directories: any file system will do.
    ["--storage-driver", "vfs"],
    ["--cgroup-parent", `/${basename(directory)}`],
    ["--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-masq=false", "--ip-forward=false"],
  ];
  writeFileSync(join(directory, "daemon.json"), "{}");
  const mounts = scratch.map((path) => `mount -t tmpfs tmpfs ${path}`);
  return [...mounts, `exec dockerd ${words.flat().join(" ")}`].join(" && ");
}

type Docker = (...words: readonly string[]) => $.ShellPromise;

/** Why it did not start; undefined where it did. */
async function startContainer(directory: string, docker: Docker): Promise<string | undefined> {
  using root = await makeRootDirectory();
  const container = basename(directory);
  const archive = join(directory, "image.tar");
  await $`tar -C ${root.path} -cf ${archive} .`.quiet();
  const user = "echo dev:x:1000:1000:dev:/home/dev:/bin/sh >>/etc/passwd; chmod 755 /; chmod 1777 /tmp";
  const home = "mkdir -p /home/dev && chown 1000:1000 /home/dev";
  const steps = [
    ["import", archive, image],
    ["run", "-d", "--name", container, "--network", "none", image, "/bin/sleep", "1000"],
    ["exec", container, "/bin/sh", "-c", `${user}; ${home}`],
  ];
  for (const step of steps) {
    const { exitCode, stderr } = await docker(...step);
    if (exitCode !== 0) return `docker ${step[0]}: ${stderr.toString().trim()}`;
  }
  return undefined;
}

/** They lie in the kernel's own tree, and can be taken away once the last of their processes has ended. */
async function removeControlGroups(name: string): Promise<void> {
  if (!existsSync("/sys/fs/cgroup")) return;
  for (let tries = 0; tries < 50; tries++) {
    const path = `*/${name}*`;
    await $`find /sys/fs/cgroup -depth -type d -path ${path} -exec rmdir {} +`.quiet().nothrow();
    const left = await $`find /sys/fs/cgroup -type d -name ${name}`.quiet().nothrow().text();
    if (left === "") return;
    await Bun.sleep(100);
  }
  console.log(`control groups of ${name} are left`);
}

function lastLines(log: string): string {
  return readFileSync(log, "utf8").trim().split("\n").slice(-2).join("; ") || "it says nothing";
}
