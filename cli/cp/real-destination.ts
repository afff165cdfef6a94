import type { ExecClient } from "../../core/client/connect-client.ts";
import { ErrorCode, RpcError } from "../../core/protocol/rpc-error.ts";

/** Through a link to what it names, so that the link itself is not replaced. */
export async function realDestination({ files }: ExecClient, to: string): Promise<string> {
  try {
    return (await files.canonicalize(to)).toString("utf8");
  } catch (error) {
    if (error instanceof RpcError && error.code === ErrorCode.notFound) return to;
    throw error;
  }
}
