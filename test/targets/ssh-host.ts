import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "bun";

/** The sshd to test with; undefined where there is none. */
export const sshd: string | undefined = existsSync("/usr/sbin/sshd") ? "/usr/sbin/sshd" : undefined;

export interface SshHostOptions {
  /** Of `.bashrc`, which bash reads at every login by ssh. */
  readonly login?: string;
  /** Ends whatever a session has left behind when it is over, as logind does with KillUserProcesses. */
  readonly killsAtLogout?: boolean;
}

/** An sshd of our own on loopback; keys, configuration and the home of whoever logs in are its own as well. */
export interface SshHost extends AsyncDisposable {
  readonly home: string;
  readonly port: number;
  readonly destination: string;
  /** With `ssh` on its PATH that knows the key and the host. */
  readonly variables: Readonly<Record<string, string>>;
  /** Cuts every connection there is: the processes that hold them are killed. */
  cut(): Promise<void>;
}

export async function startSshHost(options: SshHostOptions = {}): Promise<SshHost> {
  if (sshd === undefined) throw new Error("there is no sshd");
  const directory = mkdtempSync(join(tmpdir(), "codex-env-ssh-"));
  const home = join(directory, "home");
  mkdirSync(join(directory, "bin"));
  mkdirSync(home);
  writeFileSync(join(home, ".bashrc"), `${options.login ?? ""}\n`);
  for (const name of ["host", "user"])
    await $`ssh-keygen -q -t ed25519 -N ${""} -f ${directory}/${name}`.quiet();
  const port = await freePort();
  writeFileSync(join(directory, "sshd_config"), serverConfig({ directory, home, port }, options));
  writeFileSync(join(directory, "logout"), logout, { mode: 0o755 });
  writeFileSync(join(directory, "ssh_config"), clientConfig(directory, port));
  const client = `#!/bin/sh\nexec ${Bun.which("ssh")} -F ${directory}/ssh_config "$@"\n`;
  writeFileSync(join(directory, "bin/ssh"), client, { mode: 0o755 });
  // Every sshd that is started as root wants this to be there.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const server = Bun.spawn([sshd, "-D", "-e", "-f", join(directory, "sshd_config")], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: Bun.file(join(directory, "log")),
  });
  await listening(server, directory);
  return {
    home,
    port,
    destination: `${(await $`id -un`.text()).trim()}@127.0.0.1`,
    variables: { PATH: `${directory}/bin:${process.env["PATH"]}` },
    cut: async () => void (await $`pkill -KILL -P ${server.pid}`.quiet().nothrow()),
    async [Symbol.asyncDispose]() {
      await $`pkill -KILL -P ${server.pid}`.quiet().nothrow();
      server.kill("SIGKILL");
      await server.exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface Place {
  readonly directory: string;
  readonly home: string;
  readonly port: number;
}

function serverConfig({ directory, home, port }: Place, { killsAtLogout }: SshHostOptions): string {
  return [
    "ListenAddress 127.0.0.1",
    `Port ${port}`,
    `HostKey ${directory}/host`,
    `AuthorizedKeysFile ${directory}/user.pub`,
    "PidFile none",
    // The directories above the key are those of all temporary files.
    "StrictModes no",
    "UsePAM no",
    "PermitRootLogin yes",
    "PasswordAuthentication no",
    "LogLevel VERBOSE",
    `SetEnv HOME=${home}`,
    ...(killsAtLogout ? [`ForceCommand ${directory}/logout`] : []),
    "",
  ].join("\n");
}

/** What stands between sshd and the command: the end of all that still carries the session's mark comes with its own. */
const logout = `#!/bin/bash
export SSH_TEST_SESSION=$$-$RANDOM$RANDOM
bash -c "$SSH_ORIGINAL_COMMAND"
code=$?
for directory in /proc/[0-9]*; do
  pid=\${directory#/proc/}
  [ "$pid" = $$ ] && continue
  grep -qsz "^SSH_TEST_SESSION=$SSH_TEST_SESSION$" "$directory/environ" && kill -KILL "$pid" 2>/dev/null
done
exit $code
`;

function clientConfig(directory: string, port: number): string {
  const key = readFileSync(join(directory, "host.pub"), "utf8").trim();
  writeFileSync(join(directory, "known_hosts"), `[127.0.0.1]:${port} ${key}\n`);
  return [
    // To be gone through on the way to the host, which is the same one.
    "Host gate",
    "  HostName 127.0.0.1",
    "Host *",
    `  Port ${port}`,
    `  IdentityFile ${directory}/user`,
    "  IdentitiesOnly yes",
    `  UserKnownHostsFile ${directory}/known_hosts`,
    "  StrictHostKeyChecking yes",
    "",
  ].join("\n");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

/** Its log says when it listens; when it does not, the log is why. */
async function listening(server: Bun.Subprocess, directory: string): Promise<void> {
  for (;;) {
    const log = readFileSync(join(directory, "log"), "utf8");
    if (log.includes("Server listening on")) return;
    if (server.exitCode !== null) throw new Error(`sshd ended with ${server.exitCode}: ${log}`);
    await Bun.sleep(10);
  }
}
