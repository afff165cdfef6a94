import type * as v from "valibot";
import type { JsonValue } from "./json/json-value.ts";
import * as filesystem from "./params/filesystem.ts";
import * as process from "./params/process.ts";
import * as session from "./params/session.ts";
import { ErrorCode, RpcError } from "./rpc-error.ts";
import { decode, SchemaMistake } from "./schema/decode.ts";
import { unit } from "./schema/unit.ts";

/** Which methods stand together; errors about the handshake name the family. */
export type MethodFamily = "session" | "exec" | "filesystem" | "environment info" | "environment status";

/** Every method that is served. What is not here is answered with -32601. */
export const methods = {
  initialize: { family: "session", params: session.initialize },
  "environment/info": { family: "environment info", params: () => unit },
  "environment/status": { family: "environment status", params: () => unit },
  "process/start": { family: "exec", params: process.start },
  "process/read": { family: "exec", params: process.read },
  "process/write": { family: "exec", params: process.write },
  "process/signal": { family: "exec", params: process.signal },
  "process/terminate": { family: "exec", params: process.terminate },
  "process/resize": { family: "exec", params: process.resize },
  "process/closeStdin": { family: "exec", params: process.closeStdin },
  "process/list": { family: "exec", params: () => unit },
  "fs/readFile": { family: "filesystem", params: filesystem.readFile },
  "fs/writeFile": { family: "filesystem", params: filesystem.writeFile },
  "fs/open": { family: "filesystem", params: filesystem.open },
  "fs/readBlock": { family: "filesystem", params: filesystem.readBlock },
  "fs/writeBlock": { family: "filesystem", params: filesystem.writeBlock },
  "fs/close": { family: "filesystem", params: filesystem.close },
  "fs/createDirectory": { family: "filesystem", params: filesystem.createDirectory },
  "fs/getMetadata": { family: "filesystem", params: filesystem.getMetadata },
  "fs/canonicalize": { family: "filesystem", params: filesystem.canonicalize },
  "fs/readDirectory": { family: "filesystem", params: filesystem.readDirectory },
  "fs/walk": { family: "filesystem", params: filesystem.walk },
  "fs/remove": { family: "filesystem", params: filesystem.remove },
  "fs/copy": { family: "filesystem", params: filesystem.copy },
  "fs/watchMissing": { family: "filesystem", params: filesystem.watchMissing },
} as const satisfies Record<
  string,
  { readonly family: MethodFamily; readonly params: () => v.GenericSchema }
>;

export type MethodName = keyof typeof methods;
export type FsMethodName = Extract<MethodName, `fs/${string}`>;
export type ProcessMethodName = Extract<MethodName, `process/${string}`>;

/** What each method's params are after {@link decodeParams}. */
export type MethodParams = {
  readonly [M in MethodName]: v.InferOutput<ReturnType<(typeof methods)[M]["params"]>>;
};

export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(methods, name);
}

/** Reads a method's params; absent ones count as null. Throws {@link RpcError} (invalid params) in serde's words. */
export function decodeParams<M extends MethodName>(
  method: M,
  params: JsonValue | undefined,
): MethodParams[M] {
  const { params: schema } = methods[method];
  try {
    // The schema is the one that MethodParams infers this method's params from.
    return decode(schema() as v.GenericSchema, params ?? null) as MethodParams[M];
  } catch (error) {
    if (!(error instanceof SchemaMistake)) throw error;
    throw new RpcError(ErrorCode.invalidParams, error.message, { cause: error, ...placeOf(error.member) });
  }
}

/** A sandbox is deep, and its words are alike. Elsewhere the answer is the reference's to the letter. */
function placeOf(member: string): { readonly member?: string } {
  return /^sandbox\b/.test(member) ? { member } : {};
}
