import * as v from "valibot";
import { isRequestId, type RequestId } from "./request-id.ts";
import { once } from "./schema/once.ts";
import { defaultedOption } from "./schema/optional.ts";
import { i64, text } from "./schema/scalars.ts";
import { struct } from "./schema/struct.ts";

const id = v.pipe(
  v.unknown(),
  v.guard(
    (value): value is RequestId => isRequestId(value),
    "data did not match any variant of untagged enum RequestId",
  ),
);
const trace = once(() =>
  defaultedOption(
    struct("W3cTraceContext", { traceparent: defaultedOption(text), tracestate: defaultedOption(text) }),
  ),
);

/** What stands around the params or the result. Params and results themselves are anything. */
export const requestEnvelope = once(() => struct("JSONRPCRequest", { id, method: text, trace: trace() }));
export const notificationEnvelope = once(() => struct("JSONRPCNotification", { method: text }));
export const resultEnvelope = once(() => struct("JSONRPCResponse", { id, result: v.unknown() }));
export const errorEnvelope = once(() =>
  struct("JSONRPCError", {
    error: struct("JSONRPCErrorError", { code: i64, data: defaultedOption(v.unknown()), message: text }),
    id,
  }),
);
