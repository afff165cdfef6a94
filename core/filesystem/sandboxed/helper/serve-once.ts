import { isJsonObject } from "../../../protocol/json/json-value.ts";
import { parseJson } from "../../../protocol/json/parse.ts";
import { decodeParams } from "../../../protocol/methods.ts";
import { LocalFileSystem } from "../../local/local-file-system.ts";
import { type HelperRequest, isHelperOperation } from "./operation.ts";
import { performOn } from "./perform-on.ts";
import { runOperation } from "./run-operation.ts";

/**
 * Runs the one request that `text` is, with this process's own rights, and resolves to the line that answers it.
 * Throws on what is no request.
 */
export async function serveOnce(text: string): Promise<string> {
  const fileSystem = new LocalFileSystem();
  return await runOperation(parse(text), (request) => performOn(fileSystem, request));
}

function parse(text: string): HelperRequest {
  const message = parseJson(text);
  if (!isJsonObject(message)) throw new Error("a request is an object with `operation` and `params`");
  const { operation, params } = message;
  if (typeof operation !== "string") throw new Error("missing field `operation`");
  if (!isHelperOperation(operation)) throw new Error(`unknown operation ${JSON.stringify(operation)}`);
  if (operation === "fs/open")
    throw new Error("fs/open hands a descriptor to the server that started its helper");
  // decodeParams gives the params of this very operation; TypeScript cannot tie the two for a union.
  return { operation, params: decodeParams(operation, params) } as HelperRequest;
}
