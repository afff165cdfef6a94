import * as v from "valibot";
import { parseBounded } from "../../protocol/json/parse-bounded.ts";
import { ErrorCode, RpcError } from "../../protocol/rpc-error.ts";

/** What the bridge tells its client, and how it waits for it. */
export interface Downstream {
  notify(method: string, params: object): void;
  /** Resolves when the client takes more; undefined: it does. */
  room(): Promise<void> | undefined;
}

const request = v.object({
  id: v.union([v.string(), v.number()]),
  method: v.string(),
  params: v.optional(v.unknown()),
});

const other = v.union([
  v.object({ method: v.string() }),
  v.object({ id: v.union([v.string(), v.number()]), result: v.unknown() }),
  v.object({ error: v.unknown() }),
]);

export type Request = v.InferOutput<typeof request>;

/** The request of a line; undefined for a notification or an answer. Throws {@link RpcError}. */
export function readRequest(line: string): Request | undefined {
  const message = parse(line);
  if (v.is(request, message)) return message;
  if (v.is(other, message)) return undefined;
  throw unreadable("it is no JSON-RPC message");
}

function parse(line: string): unknown {
  try {
    return parseBounded(line);
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
}

function unreadable(reason: string): RpcError {
  return new RpcError(
    ErrorCode.invalidRequest,
    `failed to parse JSON-RPC message from exec-server stdio: ${reason}`,
  );
}

/** A string member of params, if it is one. */
export function textMember(params: unknown, key: string): string | undefined {
  const value: unknown = Reflect.get(asObject(params), key);
  return typeof value === "string" ? value : undefined;
}

/** `params` as an object; the server finds fault with anything else. */
export function asObject(params: unknown): object {
  return typeof params === "object" && params !== null ? params : {};
}
