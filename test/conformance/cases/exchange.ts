import { sleep } from "../../support/wait.ts";
import type { CallOptions, Params, WireClient } from "../../support/wire-client.ts";
import type { WireMessage } from "../../support/wire-message.ts";
import type { CaseContext } from "../case-context.ts";

/** A reply without its id. */
export function answer(reply: WireMessage): unknown {
  return reply.error ? { error: reply.error } : { result: reply.result };
}

export async function ask(client: WireClient, method: string, params?: Params, options?: CallOptions) {
  return answer(await client.call(method, params, options));
}

/** One request on a fresh connection. */
export async function askOnce(t: CaseContext, method: string, params?: Params): Promise<unknown> {
  return ask(await t.client(), method, params);
}

/**
 * Sends something odd and then a plain request as a fence: what came back, whether the link lives, and whether
 * the fence was answered. Does not depend on the order in which the two are answered.
 */
export async function exchange(t: CaseContext, data: unknown, init = true): Promise<unknown> {
  const client = await t.client({ init });
  await sleep(5);
  client.inbound.length = 0;
  client.sendText(typeof data === "string" ? data : JSON.stringify(data));
  const fence = await client
    .call("environment/status", undefined, { id: "fence", timeoutMs: 4000 })
    .catch(() => undefined);
  const others = () => client.inbound.filter((message) => message?.id !== "fence");
  if (!client.closed) await client.waitFor(() => client.closed || others().length > 0, 150).catch(() => {});
  await sleep(15);
  return {
    replies: others(),
    connection: client.closed ? `closed ${client.closed.code}` : "open",
    fence: fence ? (fence.error ? fence.error.code : "ok") : "none",
  };
}
