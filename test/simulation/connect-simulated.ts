import { Bridge } from "../../core/client/bridge/bridge.ts";
import { connectClient, type ExecClient } from "../../core/client/connect-client.ts";
import type { LinkState } from "../../core/client/link-state.ts";
import type { StartSpec } from "../../core/process/process-backend.ts";
import type { Schedule } from "./schedule.ts";
import type { Script } from "./scripted-process.ts";

const target = { kind: "websocket", url: new URL("ws://simulated:1") } as const;

/** Connects as the schedule says, by itself or through a bridge; `onState` hears of the link to the server. */
export function connectSimulated(
  { bridged, ttlSeconds }: Pick<Schedule, "bridged" | "ttlSeconds">,
  onState: (state: LinkState) => void = () => {},
): Promise<ExecClient> {
  const sessionTtlSeconds = ttlSeconds;
  if (!bridged) return connectClient(target, { clientName: "simulation", sessionTtlSeconds, onState });
  const options = { target, resume: true, sessionTtlSeconds, onState, onNoise() {}, onFailure() {} };
  return connectClient(
    { kind: "memory", accept: (connection) => new Bridge(connection, options) },
    { clientName: "simulation" },
  );
}

/** Starts a script in the place of a program. */
export function startOf(script: Script): StartSpec {
  return {
    argv: ["script", JSON.stringify(script)],
    cwd: "file:///",
    env: {},
    inherit: "none",
    stdio: { kind: "pipes", stdin: true },
  };
}
