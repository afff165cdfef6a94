import { Errno } from "../../host/errno.ts";
import { limits } from "../../limits.ts";
import type { FsMethodName, MethodParams } from "../../protocol/methods.ts";
import type { MethodResults } from "../../protocol/results.ts";
import { RpcError } from "../../protocol/rpc-error.ts";
import type { SandboxContext } from "../../protocol/sandbox.ts";
import type { HostFacts } from "../../sandbox/plan/host-facts.ts";
import type { Answer } from "../answer.ts";
import type { FsContext } from "../handler/fs-context.ts";
import { fsRequests } from "../handler/fs-requests.ts";
import { checkContent } from "../handler/write-file.ts";
import { osFailure } from "../os-error.ts";
import { readHanded, useHanded } from "./handed-file.ts";
import type { HelperAnswer } from "./helper/answer-line.ts";
import { type HelperRequest, isHelperOperation } from "./helper/operation.ts";
import { requestLine } from "./helper/request-line.ts";
import { encodeDenied } from "./helper/wire-plan.ts";
import { deadlineSince } from "./pool/deadline.ts";
import type { Helper } from "./pool/helper.ts";
import { helperUnreadable } from "./pool/helper-failure.ts";
import { HelperPool } from "./pool/helper-pool.ts";
import type { HelperSource } from "./pool/warm-helper.ts";
import { type FilesystemPlan, SandboxPlanner } from "./sandbox-planner.ts";

interface Answered {
  readonly response: object;
  /** Of a file that the helper opened; to be closed. */
  readonly descriptor: number | null;
}

export interface SandboxedRequestsOptions extends HelperSource {
  /** What plans ask of the machine. Throws SandboxRefusal. */
  facts(): HostFacts;
  /** How long one request may take, the wait for those before it and a helper's start included. */
  readonly deadlineMs: number;
}

/** What comes with a request. */
export interface GivenWith {
  readonly sandbox: SandboxContext;
  readonly context: FsContext;
  /** When it came, on the clock of performance.now(). */
  readonly askedAt: number;
}

/** The sandboxed fs/* requests of one connection: directly where nothing is restricted, else through helpers. */
export class SandboxedRequests implements Disposable {
  readonly #planner: SandboxPlanner;
  readonly #pool: HelperPool;
  readonly #deadlineMs: number;

  constructor(options: SandboxedRequestsOptions) {
    this.#planner = new SandboxPlanner(() => options.facts());
    this.#pool = new HelperPool(options);
    this.#deadlineMs = options.deadlineMs;
  }

  /** Throws or rejects with RpcError. */
  run<M extends FsMethodName>(
    method: M,
    params: MethodParams[M],
    given: GivenWith,
  ): Answer<MethodResults[M]> {
    const planned = this.#planner.plan(given.sandbox);
    if (planned === null || isUnrestricted(planned, method, params)) {
      return fsRequests[method].run(given.context, { ...params, sandbox: null });
    }
    if (!isHelperOperation(method)) throw new Error(`${method} takes no sandbox`);
    // Sound: method and params come as a pair; and what a helper answers to a method is that method's result, or a
    // mistake of a program that can harm nobody but its own client.
    const request = { operation: method, params } as unknown as HelperRequest;
    return this.#viaHelper(planned, request, given) as Promise<MethodResults[M]>;
  }

  [Symbol.dispose](): void {
    this.#pool[Symbol.dispose]();
  }

  async #viaHelper(planned: FilesystemPlan, request: HelperRequest, given: GivenWith): Promise<object> {
    if (request.operation === "fs/writeFile") checkContent(request.params.dataBase64);
    if (request.operation === "fs/open") {
      const { handleId, path } = request.params;
      const open = async () =>
        useHanded(descriptorOf(await this.#ask(planned, request, given)), path.toHost().native);
      await given.context.handles.open(handleId, open);
      return { handleId };
    }
    const answered = await this.#ask(planned, request, given);
    if (request.operation !== "fs/readFile" || answered.descriptor === null) return answered.response;
    return await readHanded(answered.descriptor, request.params.path.toHost().native);
  }

  async #ask(
    { plan, deniedInodes }: FilesystemPlan,
    request: HelperRequest,
    { askedAt }: GivenWith,
  ): Promise<Answered> {
    const line = requestLine(request);
    const repeatable = fsRequests[request.operation].access === "shared";
    const wanted = { plan: plan(), first: request, deadline: deadlineSince(askedAt, this.#deadlineMs) };
    return await this.#pool.use(wanted, repeatable, async (helper, _, deadline) => {
      for (let looks = 0; ; looks++) {
        const answer = await helper.request(line, deadline);
        if (answer.status !== "denied?") return take(helper, answer);
        const denied = looks < limits.fsDeniedLooks ? await deniedInodes() : null;
        // Not every place could be looked at, or names come faster than looks: it may be one of a denied file.
        if (denied === null) throw osFailure(Errno.EACCES);
        await helper.tell(encodeDenied(denied));
      }
    });
  }
}

/** Only reading, or only writing, may be restricted. */
function isUnrestricted(planned: FilesystemPlan, method: FsMethodName, params: object): boolean {
  const writes = fsRequests[method].access === "exclusive" && !("mode" in params && params.mode === "read");
  return writes ? planned.fullDiskWrite : planned.fullDiskRead;
}

function take(helper: Helper, answer: Exclude<HelperAnswer, { status: "denied?" }>): Answered {
  switch (answer.status) {
    case "ok": {
      const { response } = answer.payload;
      return { response, descriptor: "handed" in response ? helper.takeDescriptor() : null };
    }
    case "error":
      throw new RpcError(answer.payload.code, answer.payload.message);
  }
}

function descriptorOf({ descriptor }: Answered): number {
  if (descriptor === null) throw helperUnreadable("no descriptor came with the answer");
  return descriptor;
}
