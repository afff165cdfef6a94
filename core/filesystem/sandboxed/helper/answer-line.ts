import type { RpcError } from "../../../protocol/rpc-error.ts";
import type { HelperOperation } from "./operation.ts";

/** What came of a request, as the line that a helper writes. */
export type HelperAnswer =
  | {
      readonly status: "ok";
      readonly payload: { readonly operation: string; readonly response: object };
    }
  | { readonly status: "error"; readonly payload: { readonly code: number; readonly message: string } }
  /** Nothing was done: the helper has to learn first which files with several names are denied. */
  | { readonly status: "denied?"; readonly payload: object };

export function okLine(operation: HelperOperation, response: object): string {
  const answer: HelperAnswer = { status: "ok", payload: { operation, response } };
  return `${JSON.stringify(answer)}\n`;
}

export function errorLine({ code, message }: RpcError): string {
  const answer: HelperAnswer = { status: "error", payload: { code, message } };
  return `${JSON.stringify(answer)}\n`;
}

export const deniedUnknownLine = `${JSON.stringify({ status: "denied?", payload: {} } satisfies HelperAnswer)}\n`;

/** Throws on what no helper says. */
export function parseAnswer(line: string): HelperAnswer {
  const answer: unknown = JSON.parse(line);
  if (typeof answer !== "object" || answer === null || !("status" in answer) || !("payload" in answer)) {
    throw new Error("no status and payload");
  }
  const { status, payload } = answer;
  if (typeof payload !== "object" || payload === null) throw new Error("payload is no object");
  if (status === "ok") return { status, payload: { operation: "", response: responseOf(payload) } };
  if (status === "denied?") return { status, payload };
  if (status !== "error") throw new Error("unknown status");
  const { code, message } = Object.assign({ code: null, message: null }, payload);
  if (typeof code !== "number" || typeof message !== "string") throw new Error("no code and message");
  return { status, payload: { code, message } };
}

function responseOf(payload: object): object {
  if (!("response" in payload) || typeof payload.response !== "object" || payload.response === null) {
    throw new Error("no response");
  }
  return payload.response;
}
