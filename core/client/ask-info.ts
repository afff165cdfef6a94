import { RpcError } from "../protocol/rpc-error.ts";
import type { RequestOptions } from "../rpc/caller.ts";
import type { RemoteCalls } from "../rpc/remote-calls.ts";
import { type EnvironmentInfo, environmentMethods, noCapabilities } from "./environment-info.ts";

/** What is taken of a server that refuses to say it. Every machine that runs commands has this shell. */
const untold: EnvironmentInfo = {
  shell: { name: "sh", path: "/bin/sh" },
  capabilities: noCapabilities,
  untold: true,
};

/** Asks a server about its machine. One that answers with an error runs commands all the same. */
export async function askInfo(calls: RemoteCalls, options: RequestOptions = {}): Promise<EnvironmentInfo> {
  try {
    return await calls.call(environmentMethods.info, {}, options);
  } catch (error) {
    if (error instanceof RpcError) return untold;
    throw error;
  }
}
