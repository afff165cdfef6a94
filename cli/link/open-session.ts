import { type ClientOptions, connectClient, type ExecClient } from "../../core/client/connect-client.ts";
import { isLoopback } from "../../core/client/is-loopback.ts";
import type { Target } from "../../core/client/target.ts";
import { writeNow } from "../terminal/output.ts";
import { createOwnServer } from "./own-server.ts";

/** A session, and the server behind it where that is ours. */
export interface OpenSession {
  readonly client: ExecClient;
  readonly local: boolean;
  /** Closes the session; an embedded server ends with every process it started. */
  close(): Promise<void>;
}

/** Connects to the target; `local` starts a server inside this process. Rejects as connectClient does. */
export async function openSession(target: Target | "local", options: ClientOptions): Promise<OpenSession> {
  if (target === "local") return await openLocal(options);
  if (sendsTokenInClear(target)) {
    writeNow(
      2,
      "codex-env: the token travels unencrypted, so whoever is on the way can take it; use wss://\n",
    );
  }
  const client = await connectClient(target, options);
  return { client, local: false, close: async () => client.close() };
}

/** A token to another machine over ws://. */
export function sendsTokenInClear(target: Target): boolean {
  if (target.kind !== "websocket" || target.token === undefined || target.url.protocol !== "ws:")
    return false;
  return !isLoopback(target.url);
}

async function openLocal(options: ClientOptions): Promise<OpenSession> {
  const server = await createOwnServer();
  const client = await connectClient({ kind: "memory", accept: server.accept }, options);
  return {
    client,
    local: true,
    async close() {
      client.close();
      await server.shutdown();
    },
  };
}
