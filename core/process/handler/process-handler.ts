import type { MethodParams } from "../../protocol/methods.ts";
import { signalNumbers } from "../../protocol/params/signal-name.ts";
import type { MethodResults } from "../../protocol/results.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";
import type { ManagedProcess } from "../managed-process.ts";
import type { ProcessTable } from "../process-table.ts";
import type { SpawnPlan } from "../spawned-process.ts";
import { type AnswerTurns, readProcess } from "./read.ts";
import { planStart, type StartHost, startFailure } from "./start.ts";

type Params<M extends keyof MethodParams> = MethodParams[M];
type Result<M extends keyof MethodResults> = MethodResults[M];

/** What the handler needs of the connection that asks. */
export interface ProcessCaller {
  readonly table: ProcessTable;
  readonly host: StartHost;
  /** Aborted when the connection has ended: nobody waits for an answer any more. */
  readonly ended: AbortSignal;
  readonly answers: AnswerTurns;
}

/** Answers a start; events follow only after it. */
export async function startProcess(
  caller: ProcessCaller,
  params: Params<"process/start">,
  answer: (result: Result<"process/start">) => void,
): Promise<void> {
  const request = planStart(params, caller.host);
  const { processId } = params;
  try {
    if (!request.sandboxed) {
      return await caller.table.start(request, () => answer({ processId, sandboxType: "none" }));
    }
    let sandboxMechanism: Result<"process/start">["sandboxMechanism"];
    const prepare = async (): Promise<SpawnPlan> => {
      const { confine } = await import("./confine.ts");
      const confined = await confine(params, request.plan);
      sandboxMechanism = confined.mechanism;
      return confined.plan;
    };
    await caller.table.start({ ...request, prepare }, () =>
      answer({ processId, sandboxType: "linuxSeccomp", ...(sandboxMechanism && { sandboxMechanism }) }),
    );
  } catch (error) {
    throw startFailure(error, params);
  }
}

export function read(
  caller: ProcessCaller,
  params: Params<"process/read">,
): Result<"process/read"> | Promise<Result<"process/read">> {
  return withProcess(caller, params.processId, (process) => {
    if (process === undefined) {
      throw new RpcError(ErrorCode.invalidRequest, `unknown process id ${params.processId}`);
    }
    return readProcess(process, params, caller);
  });
}

export function write(
  caller: ProcessCaller,
  params: Params<"process/write">,
): Result<"process/write"> | Promise<Result<"process/write">> {
  if (params.writeId === "") throw new RpcError(ErrorCode.invalidParams, "writeId must not be empty");
  return withProcess(caller, params.processId, (process) => {
    if (process === undefined) return { status: "unknownProcess" };
    if (process.input === undefined) return { status: "stdinClosed" };
    return process.input.write(params.writeId, params.chunk).then((status) => ({ status }));
  });
}

export function closeStdin(
  caller: ProcessCaller,
  params: Params<"process/closeStdin">,
): Result<"process/closeStdin"> | Promise<Result<"process/closeStdin">> {
  return withProcess(caller, params.processId, (process) => {
    if (process === undefined) return { status: "unknownProcess" };
    return { status: process.input?.end() ?? "stdinClosed" };
  });
}

export function signal(
  caller: ProcessCaller,
  params: Params<"process/signal">,
): Result<"process/signal"> | Promise<Result<"process/signal">> {
  return withProcess(caller, params.processId, (process) => {
    process?.signal(signalNumbers[params.signal]);
    return {};
  });
}

export function terminate(
  caller: ProcessCaller,
  params: Params<"process/terminate">,
): Result<"process/terminate"> | Promise<Result<"process/terminate">> {
  return withProcess(caller, params.processId, (process) => ({ running: process?.terminate() ?? false }));
}

export function resize(
  caller: ProcessCaller,
  params: Params<"process/resize">,
): Result<"process/resize"> | Promise<Result<"process/resize">> {
  return withProcess(caller, params.processId, (process) => {
    if (process === undefined) {
      throw new RpcError(ErrorCode.invalidRequest, `unknown process id ${params.processId}`);
    }
    if (!process.tty) {
      throw new RpcError(ErrorCode.invalidRequest, `process ${params.processId} has no terminal to resize`);
    }
    process.resize({ rows: params.rows, columns: params.columns });
    return {};
  });
}

export function list(caller: ProcessCaller): Result<"process/list"> {
  const processes = [...caller.table.processes()].map((process) => {
    const { exit } = process.log;
    return {
      processId: process.processId,
      pid: process.pid,
      running: process.running,
      exitCode: exit?.kind === "exited" ? exit.code : null,
      closed: process.log.closed,
      tty: process.tty,
    };
  });
  return { processes };
}

/** Acts at once on a started process, after its start on one that is starting. */
function withProcess<T>(
  caller: ProcessCaller,
  processId: string,
  act: (process: ManagedProcess | undefined) => T | Promise<T>,
): T | Promise<T> {
  const process = caller.table.find(processId);
  return process instanceof Promise ? process.then(act) : act(process);
}
