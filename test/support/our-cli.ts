import { existsSync } from "node:fs";
import { resolve } from "node:path";

const project = resolve(import.meta.dir, "../..");

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** How codex-env is run: the built binary, or the sources where there is no build or `CODEX_ENV_FROM_SOURCE` is set. */
export function ourCli(args: readonly string[]): string[] {
  const built = resolve(project, "dist/codex-env");
  if (process.env["CODEX_ENV_FROM_SOURCE"] === undefined && existsSync(built)) return [built, ...args];
  return [process.execPath, resolve(project, "cli/main.ts"), ...args];
}

/** Runs codex-env to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const child = Bun.spawn(ourCli(args), {
    stdin: options.stdin === undefined ? "ignore" : new Blob([options.stdin]),
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, CODEX_EXEC_SERVER_URL: "", ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, stdout, stderr };
}
