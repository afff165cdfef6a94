import type { Program, ProgramSpec } from "./program.ts";
import { withoutOwnSecrets } from "./without-own-secrets.ts";

/**
 * Starts a command in a session and process group of its own, where there is no guardian: it ends with us as long as
 * we end in order, and otherwise notices that its stdin is closed. Throws what Bun.spawn throws.
 */
export function startPlainProgram(spec: ProgramSpec): Program {
  const child = Bun.spawn([...spec.argv], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    detached: true,
    env: { ...withoutOwnSecrets(process.env), ...spec.env },
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
  });
  return {
    stdout: reading(child.stdout),
    stderr: reading(child.stderr),
    async write(bytes) {
      child.stdin.write(bytes);
      await child.stdin.flush();
    },
    closeInput: () => void Promise.resolve(child.stdin.end()).catch(() => {}),
    ended: child.exited.then((code) => `exit code ${code}`),
    terminate: () => signalGroup(child.pid, "SIGTERM"),
    async [Symbol.asyncDispose]() {
      signalGroup(child.pid, "SIGKILL");
      await child.exited;
    },
  };
}

function reading(stream: ReadableStream<Uint8Array>): Program["stdout"] {
  const reader = stream.getReader();
  return { read: async () => (await reader.read()).value ?? null };
}

function signalGroup(leader: number, name: NodeJS.Signals): void {
  try {
    process.kill(-leader, name);
  } catch {
    // The whole group is gone.
  }
}
