import type { SandboxPlan } from "../../../sandbox/plan/sandbox-plan.ts";
import { requestedPath } from "../../handler/requested-path.ts";
import { JudgedPerformer } from "./judged-performer.ts";
import type { LineReader } from "./line-reader.ts";
import { type HelperRequest, isHelperOperation, revivePaths } from "./operation.ts";
import { runOperation } from "./run-operation.ts";
import { decodeDenied } from "./wire-plan.ts";
import { writeAll } from "./write-all.ts";

/** Serves the server: one request a line, each answered before the next is read, until the input ends. */
export async function serveHelper(plan: SandboxPlan, lines: LineReader): Promise<void> {
  const performer = new JudgedPerformer(plan);
  for (let line = lines.next(); line !== null; line = lines.next()) {
    const message = parse(line);
    const denied = decodeDenied(message);
    if (denied !== null) performer.judge.learnDenied(denied);
    else writeAll(await runOperation(asRequest(message), (it) => performer.perform(it)), 1);
  }
}

/** Takes the request that was answered before this helper was there. Throws when another one comes in its place. */
export function skipAnswered(path: string, lines: LineReader): void {
  const line = lines.next();
  const request = line === null ? null : asRequest(parse(line));
  if (request === null || (request.operation === "fs/readFile" && requestedPath(request.params) === path))
    return;
  throw new Error("the request that was answered is not the one that came");
}

/** What is no message cannot come from our server: the helper ends, and its last words say why. */
function parse(line: string): object {
  const message: unknown = JSON.parse(line, revivePaths);
  if (typeof message === "object" && message !== null) return message;
  throw new Error("a message is an object");
}

function asRequest(message: object): HelperRequest {
  if (!("operation" in message)) throw new Error("missing field `operation`");
  const { operation } = message;
  if (typeof operation !== "string" || !isHelperOperation(operation)) {
    throw new Error(`unknown operation ${JSON.stringify(operation)}`);
  }
  // The server wrote the params out of what its own schema for this method had made.
  return message as HelperRequest;
}
