import { createExecServer } from "../../../core/server/exec-server.ts";
import { connectInMemory } from "../../../core/transport/memory-connection.ts";
import { HeldClient } from "./held-server.ts";

/** A whole server with real commands, over connections in memory. Whoever asks for it shuts it down. */
export async function realServer(sessionTtlSeconds = 60) {
  const errors: unknown[] = [];
  const server = await createExecServer({
    version: "0.0.0",
    environment: { PATH: "/usr/bin:/bin" },
    cwd: "/",
    sessionTtlSeconds,
    onInternalError: (error) => errors.push(error),
  });
  const connect = () => new HeldClient((events) => connectInMemory(server.accept, () => events));
  const client = async (resumeSessionId?: string, more: object = {}) => {
    const connected = connect();
    const { sessionId } = await connected.request("initialize", {
      clientName: "t",
      resumeSessionId,
      ...more,
    });
    connected.sessionId = sessionId;
    connected.send({ method: "initialized" });
    return connected;
  };
  return { server, connect, client, errors };
}

export const shell = (script: string) => ({ argv: ["/bin/sh", "-c", script] });
