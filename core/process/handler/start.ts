import { limits } from "../../limits.ts";
import type { MethodParams } from "../../protocol/methods.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import { isWrapperCommand } from "../../sandbox/policy/wrapper-command.ts";
import { SandboxRefusal } from "../../sandbox/sandbox-refusal.ts";
import { childEnvironment } from "../environment-policy.ts";
import type { StartRequest } from "../process-table.ts";
import { SpawnError, type SpawnPlan } from "../spawned-process.ts";

type StartParams = MethodParams["process/start"];

/** What a start takes from the machine it happens on. */
export interface StartHost {
  readonly environment: readonly (readonly [string, string])[];
  /** The account's login shell, given to a PTY's child that has no SHELL. */
  readonly loginShell: string;
}

/** The wire's start as the spawner takes it. Throws {@link RpcError}; nothing has been started then. */
export function planStart(params: StartParams, host: StartHost): StartRequest {
  const cwd = params.cwd.toWorkingDirectory().native;
  const [program, ...rest] = params.argv;
  if (program === undefined) throw new RpcError(ErrorCode.invalidParams, "argv must not be empty");
  refuseLongId(params.processId);
  refuseManagedNetwork(params);
  refuseNul(params, program);
  const env = childEnvironment({
    server: host.environment,
    policy: params.envPolicy,
    env: params.env,
    metadata: params.metadata,
    terminalShell: params.tty ? host.loginShell : null,
  });
  const plan: SpawnPlan = {
    argv: [program, ...rest],
    ...(params.arg0 === null ? {} : { arg0: params.arg0 }),
    cwd,
    env,
    stdio: params.tty
      ? {
          kind: "pty",
          rows: params.ptySize?.rows ?? limits.ptyRows,
          columns: params.ptySize?.columns ?? limits.ptyColumns,
        }
      : { kind: "pipes", stdin: params.pipeStdin },
  };
  return { processId: params.processId, plan, sandboxed: namesSandbox(params) };
}

/** Whether a request names a sandbox, even one that restricts nothing. */
function namesSandbox(params: StartParams): boolean {
  return params.sandbox !== null || isWrapperCommand(params.argv, params.arg0);
}

/** A refused start in the reference's words. */
export function startFailure(error: unknown, params: StartParams): unknown {
  if (error instanceof SandboxRefusal) {
    const message = `failed to prepare process sandbox: ${error.message}`;
    return new RpcError(ErrorCode.internal, message, { cause: error });
  }
  if (!(error instanceof SpawnError)) return error;
  const program = params.argv[0] ?? "";
  if (params.tty && error.stage === "exec" && error.errno === ENOENT && !program.includes("/")) {
    const path = params.env.findLast(([name]) => name === "PATH")?.[1] ?? "";
    return new RpcError(
      ErrorCode.internal,
      `Unable to spawn ${program} because:\nNo viable candidates found in PATH ${JSON.stringify(path)}`,
      { cause: error },
    );
  }
  return new RpcError(ErrorCode.internal, error.message, { cause: error });
}

const ENOENT = 2;

function refuseLongId(processId: string): void {
  if (processId.length <= limits.processIdCharacters) return;
  throw new RpcError(
    ErrorCode.invalidRequest,
    `a process id of ${processId.length} characters is too long: the limit is ${limits.processIdCharacters}`,
  );
}

function refuseManagedNetwork(params: StartParams): void {
  if (params.enforceManagedNetwork || params.networkProxy !== null || params.managedNetwork !== null) {
    throw new RpcError(
      ErrorCode.invalidRequest,
      "this exec-server has no managed network, and the request asks for one; nothing was started",
    );
  }
}

function refuseNul(params: StartParams, program: string): void {
  if (program === "") {
    throw new RpcError(ErrorCode.internal, `missing program for ${params.tty ? "PTY" : "pipe"} spawn`);
  }
  if (params.argv.some(hasNul) || (params.arg0 !== null && hasNul(params.arg0))) {
    throw new RpcError(ErrorCode.internal, "nul byte found in provided data");
  }
  if (params.env.some(([name, value]) => hasNul(name) || hasNul(value))) {
    throw new RpcError(ErrorCode.internal, "data provided contains a nul byte");
  }
}

function hasNul(text: string): boolean {
  return text.includes("\0");
}
