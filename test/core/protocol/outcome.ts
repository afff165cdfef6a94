import { decodeMessage } from "../../../core/protocol/message.ts";
import { decodeParams, isMethodName } from "../../../core/protocol/methods.ts";
import { ErrorCode, RpcError } from "../../../core/protocol/rpc-error.ts";

const prefix = "failed to parse websocket JSON-RPC message from exec-server websocket PEER: ";

/** How a message fares: `fits`, or what is wrong with the `message` or with its `params`. */
export function outcomeOf(text: string): string {
  try {
    const message = decodeMessage(text, { transport: "websocket", peer: "PEER" });
    if (message.kind !== "request") return "no request";
    if (isMethodName(message.method)) decodeParams(message.method, message.params);
    return "fits";
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    if (error.code === ErrorCode.invalidParams) return `params: ${error.message}`;
    if (!error.message.startsWith(prefix)) throw error;
    return `message: ${error.message.slice(prefix.length)}`;
  }
}
