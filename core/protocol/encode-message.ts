import { cutText } from "./cut-text.ts";
import { stringifyJson } from "./json/stringify.ts";
import type { RequestId } from "./request-id.ts";

export interface Refusal {
  readonly code: number;
  readonly message: string;
  /** Which member of the params is meant. */
  readonly member?: string | undefined;
}

/** A successful reply. `result` is anything that JSON can carry. */
export function encodeResult(id: RequestId, result: unknown): string {
  if (isFileContent(result)) return `{"id":${encodeId(id)},"result":{"dataBase64":"${result.dataBase64}"}}`;
  return `{"id":${encodeId(id)},"result":${stringifyJson(result)}}`;
}

/** A reply that says no. */
export function encodeError(id: RequestId, code: number, message: string): string {
  return encodeRefusal(id, { code, message });
}

/** A reply that says no. The key order is the reference's. A message beyond its limit is cut. */
export function encodeRefusal(id: RequestId, { code, message, member }: Refusal): string {
  const data = member === undefined ? "" : `"data":${JSON.stringify({ member })},`;
  return `{"error":{"code":${code},${data}"message":${JSON.stringify(cutText(message))}},"id":${encodeId(id)}}`;
}

export function encodeNotification(method: string, params?: unknown): string {
  const name = JSON.stringify(method);
  return params === undefined ? `{"method":${name}}` : `{"method":${name},"params":${stringifyJson(params)}}`;
}

export function encodeRequest(id: RequestId, method: string, params?: unknown): string {
  const head = `{"id":${encodeId(id)},"method":${JSON.stringify(method)}`;
  return params === undefined ? `${head}}` : `${head},"params":${stringifyJson(params)}}`;
}

/** One process/output notification. `processIdJson` is the process id as JSON text, made once per process. */
export function encodeOutput(
  processIdJson: string,
  event: { readonly seq: number; readonly stream: "stdout" | "stderr" | "pty"; readonly chunk: string },
): string {
  return `{"method":"process/output","params":{"processId":${processIdJson},"seq":${event.seq},"stream":"${event.stream}","chunk":"${event.chunk}"}}`;
}

/** What fs/readFile answers: megabytes of base64, which need no escaping and so are not searched for it. */
function isFileContent(result: unknown): result is { readonly dataBase64: string } {
  if (typeof result !== "object" || result === null || !("dataBase64" in result)) return false;
  return typeof result.dataBase64 === "string" && Object.keys(result).length === 1;
}

function encodeId(id: RequestId): string {
  return typeof id === "string" ? JSON.stringify(id) : `${id}`;
}
