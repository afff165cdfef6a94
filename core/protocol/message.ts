import { errorEnvelope, notificationEnvelope, requestEnvelope, resultEnvelope } from "./envelope.ts";
import { JsonSyntaxError } from "./json/json-syntax-error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "./json/json-value.ts";
import { parseJson } from "./json/parse.ts";
import { isRequestId, type RequestId } from "./request-id.ts";
import { ErrorCode, RpcError } from "./rpc-error.ts";
import { decode, SchemaMistake } from "./schema/decode.ts";

export {
  encodeError,
  encodeNotification,
  encodeOutput,
  encodeRequest,
  encodeResult,
} from "./encode-message.ts";
export type { RequestId } from "./request-id.ts";

export interface RequestMessage {
  readonly kind: "request";
  readonly id: RequestId;
  readonly method: string;
  readonly params?: JsonValue;
}

export interface NotificationMessage {
  readonly kind: "notification";
  readonly method: string;
  readonly params?: JsonValue;
}

export interface ErrorObject {
  readonly code: number;
  readonly message: string;
}

/** Has exactly one of `result` and `error`. */
export interface ResponseMessage {
  readonly kind: "response";
  readonly id: RequestId;
  readonly result?: JsonValue;
  readonly error?: ErrorObject;
}

export type Message = RequestMessage | NotificationMessage | ResponseMessage;

/** Whom a message came from, as errors name it. */
export interface MessageSource {
  readonly transport: "websocket" | "stdio";
  readonly peer: string;
}

/** Reads one message. Throws {@link RpcError} (invalid request), which is to be answered with the id -1. */
export function decodeMessage(text: string, source: MessageSource): Message {
  try {
    const value = parseJson(text);
    if (!isJsonObject(value)) throw new SchemaMistake("expected a JSON-RPC object");
    return classify(value);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError || error instanceof SchemaMistake)) throw error;
    throw unreadable(source, error.message);
  }
}

/** The error for a message that cannot be read; it is answered with the id -1. */
export function unreadable(source: MessageSource, reason: string): RpcError {
  return new RpcError(ErrorCode.invalidRequest, `${failureAt(source)}: ${reason}`);
}

function failureAt(source: MessageSource): string {
  return source.transport === "stdio"
    ? "failed to parse JSON-RPC message from exec-server stdio"
    : `failed to parse websocket JSON-RPC message from exec-server websocket ${source.peer}`;
}

/** The order of the questions is the reference's: a method makes a request or a notification whatever else is there. */
function classify(object: JsonObject): Message {
  const { params } = object;
  if ("method" in object) {
    if (!("id" in object)) {
      const { method } = decode(notificationEnvelope(), object);
      return { kind: "notification", method, ...(params === undefined ? {} : { params }) };
    }
    const { id, method } = isPlainRequest(object) ? object : decode(requestEnvelope(), object);
    return params === undefined ? { kind: "request", id, method } : { kind: "request", id, method, params };
  }
  if (object["result"] !== undefined) {
    return { kind: "response", id: decode(resultEnvelope(), object).id, result: object["result"] };
  }
  const { id, error } = decode(errorEnvelope(), object);
  return { kind: "response", id, error: { code: Number(error.code), message: error.message } };
}

type PlainRequest = JsonObject & { readonly id: RequestId; readonly method: string };

/** Nearly every message: spares it the schema. */
function isPlainRequest(object: JsonObject): object is PlainRequest {
  return typeof object["method"] === "string" && object["trace"] === undefined && isRequestId(object["id"]);
}
