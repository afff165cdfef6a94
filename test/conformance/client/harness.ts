import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { referenceProgram } from "../side.ts";

/** Directories of one run of the published client; disposed of at its end. */
export interface ClientRun extends Disposable {
  readonly workspace: string;
  readonly home: string;
}

const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==";
const skill = "---\nname: harness-skill\ndescription: HARNESS-SKILL-MARK lives on the executor\n---\nBody.\n";

/**
 * What an executor is started with. The client runs its commands in login shells: an empty HOME keeps the profile of
 * whoever runs the tests, and what it may wait for, out of them.
 */
export const executorEnvironment: Readonly<Record<string, string>> = {
  HARNESS_EXECUTOR: "yes",
  HARNESS_CLIENT: "",
  HOME: "/nonexistent",
};

/** A workspace with the files that the steps look at, and a home for the client. */
export function makeRun(): ClientRun {
  const root = mkdtempSync(join(tmpdir(), "codex-client-"));
  const workspace = join(root, "ws");
  const home = join(root, "home");
  mkdirSync(home);
  mkdirSync(join(workspace, ".agents/skills/harness-skill"), { recursive: true });
  writeFileSync(join(workspace, "executor-side.txt"), "only on the executor\n");
  writeFileSync(join(workspace, "pixel.png"), Buffer.from(pixel, "base64"));
  writeFileSync(join(workspace, "victim.txt"), "to be deleted\n");
  writeFileSync(
    join(workspace, "AGENTS.md"),
    "HARNESS-AGENTS-MARK: instructions that live on the executor.\n",
  );
  writeFileSync(join(workspace, ".agents/skills/harness-skill/SKILL.md"), skill);
  return { workspace, home, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

/** How the client comes to its executor: by the address in its environment, or by a program that it starts. */
export type Executor = { readonly url: string } | { readonly program: readonly string[] };

function tomlOf(executor: Executor): string | undefined {
  if ("url" in executor) return undefined;
  const [program, ...args] = executor.program.map((each) => JSON.stringify(each));
  return [
    'default = "remote"',
    "include_local = false",
    "[[environments]]",
    'id = "remote"',
    `program = ${program}`,
    `args = [${args.join(", ")}]`,
    "initialize_timeout_sec = 30",
    "[environments.env]",
    ...Object.entries(executorEnvironment).map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
    "",
  ].join("\n");
}

/** `deny-env`: a permission profile of our own, under which every file request goes through a sandbox. */
export type SandboxMode = "danger-full-access" | "read-only" | "workspace-write" | "deny-env";

const denyEnvironmentFiles = [
  "[permissions.deny-env.filesystem]",
  '":root" = "read"',
  '[permissions.deny-env.filesystem.":workspace_roots"]',
  '"." = "write"',
  '"**/*.env" = "deny"',
];

/** Writes the client's configuration; commands run without a sandbox unless told. */
export function configure(
  run: ClientRun,
  modelUrl: string,
  executor: Executor,
  sandboxMode: SandboxMode = "danger-full-access",
): Record<string, string | undefined> {
  const config = [
    'model = "gpt-5.5"',
    'model_provider = "mock"',
    'approval_policy = "never"',
    sandboxMode === "deny-env" ? `default_permissions = "deny-env"` : `sandbox_mode = "${sandboxMode}"`,
    "[model_providers.mock]",
    'name = "mock"',
    `base_url = "${modelUrl}"`,
    'wire_api = "responses"',
    "request_max_retries = 0",
    "stream_max_retries = 0",
    "[analytics]",
    "enabled = false",
    ...(sandboxMode === "deny-env" ? denyEnvironmentFiles : []),
    "",
  ];
  writeFileSync(join(run.home, "config.toml"), config.join("\n"));
  const toml = tomlOf(executor);
  if (toml !== undefined) writeFileSync(join(run.home, "environments.toml"), toml);
  return {
    CODEX_HOME: run.home,
    HARNESS_CLIENT: "yes",
    CODEX_EXEC_SERVER_URL: "url" in executor ? executor.url : undefined,
  };
}

export interface ClientEnd {
  readonly exitCode: number;
  readonly stderr: string;
}

export interface RunningClient {
  readonly ended: Promise<ClientEnd>;
  signal(name: NodeJS.Signals): void;
}

/** `codex exec` with one prompt, of the published client or another version of it. Killed after two minutes. */
export function startExec(
  run: ClientRun,
  env: Readonly<Record<string, string | undefined>>,
  program: string = referenceProgram(),
): RunningClient {
  const command = [program, "exec", "--json", "--skip-git-repo-check", "-C", run.workspace, "go"];
  const child = Bun.spawn(command, {
    env: { ...process.env, ...env },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
    timeout: 120_000,
  });
  const ended = (async () => {
    const stderr = await new Response(child.stderr).text();
    return { exitCode: await child.exited, stderr: stderr.slice(-1500) };
  })();
  return { ended, signal: (name) => child.kill(name) };
}
