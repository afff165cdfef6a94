import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "bun";
import { makeRootDirectory } from "./root-directory.ts";

/** A container of podman's; its storage is its own as well. */
export interface PodmanContainer extends AsyncDisposable {
  readonly name: string;
  /** With a `podman` on its PATH that knows where the container is. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Starts one; or says why podman cannot here. */
export async function startPodmanContainer(): Promise<PodmanContainer | string> {
  const podman = Bun.which("podman");
  if (podman === null) return "there is no podman";
  const directory = mkdtempSync(join(tmpdir(), "codex-env-podman-"));
  mkdirSync(join(directory, "bin"));
  // runc is content with more kernels than crun.
  const runtime = existsSync("/usr/sbin/runc") ? "--runtime /usr/sbin/runc" : "";
  const storage = `--root ${directory}/storage --runroot ${directory}/run --cgroup-manager cgroupfs`;
  const script = `#!/bin/sh\nexec ${podman} ${storage} ${runtime} "$@"\n`;
  writeFileSync(join(directory, "bin/podman"), script, { mode: 0o755 });
  const root = await makeRootDirectory();
  const ours = join(directory, "bin/podman");
  const name = "codex-env-test";
  const remove = async () => {
    await $`${ours} rm -f -t 0 ${name}`.quiet().nothrow();
    await $`umount -R ${directory}/storage/overlay`.quiet().nothrow();
    rmSync(directory, { recursive: true, force: true });
    root[Symbol.dispose]();
  };
  const limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"];
  const started =
    await $`${ours} run -d --name ${name} --network none ${limits} --rootfs ${root.path} /bin/sleep 1000`
      .quiet()
      .nothrow();
  if (started.exitCode !== 0) {
    await remove();
    return `podman starts no container here: ${started.stderr.toString().trim()}`;
  }
  const variables = { PATH: `${directory}/bin:${process.env["PATH"]}` };
  return { name, variables, [Symbol.asyncDispose]: remove };
}
