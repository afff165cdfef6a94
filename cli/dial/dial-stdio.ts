import { isatty } from "node:tty";
import { Bridge, type BridgeOptions } from "../../core/client/bridge/bridge.ts";
import type { LinkState } from "../../core/client/link-state.ts";
import { describeTarget, type Target } from "../../core/client/target.ts";
import { limits } from "../../core/limits.ts";
import type { Connection } from "../../core/transport/connection.ts";
import { serveJsonLines } from "../../core/transport/json-lines-connection.ts";
import { UsageError } from "../command.ts";
import { chooseDestination, type Destination } from "../link/choose-destination.ts";
import { openFailure } from "../link/failure.ts";
import { createOwnServer } from "../link/own-server.ts";
import { requireCapabilities } from "../link/require-capabilities.ts";
import { parseSessionTtl, readAuthorities } from "../link/session-options.ts";
import { onStopSignal } from "../serve/stop-signals.ts";
import { writeNow } from "../terminal/output.ts";
import { sanitise } from "../terminal/sanitise.ts";

/** The words of `codex-env dial`. */
export interface DialRequest {
  readonly environment: string | undefined;
  readonly url: string | undefined;
  readonly tokenFile: string | undefined;
  readonly caFile: string | undefined;
  readonly sessionTtl: string | undefined;
}

/** How long a session should outlive a cut link where nothing says it, s. */
const usualTtlSeconds = 600;

/** Bridges stdin and stdout to an environment. Resolves when stdin has ended and nothing is left behind. */
export async function dialStdio(request: DialRequest): Promise<void> {
  const tls = readAuthorities(request.caFile);
  const given = request.sessionTtl === undefined ? undefined : parseSessionTtl(request.sessionTtl);
  const destination = await chooseDestination(
    { ...request, ...(tls === undefined ? {} : { tls }) },
    process.env,
  );
  requireCapabilities(destination, ["commands", "files"]);
  await refuseCircle(destination);
  const { target, close } = await reach(destination);
  const { options } = destination;
  const name = destination.name ?? describeTarget(target);
  if (isatty(0)) say("programs speak here, in JSON, one message a line; Ctrl-D ends it");
  let bridge: Bridge | undefined;
  let client: Connection | undefined;
  await onStopSignal((signal) => client?.close(1001, signal));
  await serveJsonLines({
    read: Bun.stdin.stream(),
    write: Bun.stdout.writer(),
    peer: "stdio",
    accept(connection) {
      client = connection;
      bridge = new Bridge(connection, {
        target,
        resume: options.resume !== false,
        sessionTtlSeconds: given ?? options.sessionTtlSeconds ?? usualTtlSeconds,
        ...(options.deadlines === undefined ? {} : { deadlines: options.deadlines }),
        onState: (state) => tell(name, state),
        onFailure: tellFailure(destination.name),
        onNoise: ({ text }) => say(`${name} says: ${text}`),
      });
      return bridge;
    },
    answered: async () => await Promise.race([bridge?.answered(), lastAnswers()]),
  });
  await bridge?.ended;
  await close();
}

async function lastAnswers(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, limits.lastAnswersMs).unref();
  await promise;
}

/** Entries that are `codex-env dial` of each other would start one another for ever. */
async function refuseCircle({ target, name }: Destination): Promise<void> {
  if (target === "local" || target.kind !== "command" || target.argv[1] !== "dial" || name === undefined)
    return;
  const [{ loadSnapshot }, { dialledWay }] = await Promise.all([
    import("../../core/environment/provider/load-snapshot.ts"),
    import("../../core/environment/dialled-way.ts"),
  ]);
  const way = dialledWay(loadSnapshot(process.env), name);
  const last = way.at(-1) ?? name;
  if (way.indexOf(last) === way.length - 1) return;
  throw new UsageError(
    `the environment ${last} is codex-env dial of itself (${way.join(" -> ")}), which leads nowhere: say in codex-env.toml what stands behind it ([environments.${last}.dial])`,
  );
}

/** This machine is reached through a server inside this process. */
async function reach({ target }: Destination): Promise<{ target: Target; close(): Promise<void> }> {
  if (target !== "local") return { target, close: async () => {} };
  const server = await createOwnServer();
  return { target: { kind: "memory", accept: server.accept }, close: () => server.shutdown() };
}

/** Says why there is no session. A URL is in the words themselves. */
function tellFailure(name: string | undefined): BridgeOptions["onFailure"] {
  return (error, next) => {
    const sentence = openFailure(error)?.sentence ?? String(error);
    say(`${name === undefined ? "" : `${name}: `}${sentence}${next === "again" ? "; trying again" : ""}`);
  };
}

function tell(name: string, state: LinkState): void {
  switch (state.kind) {
    case "recovering":
      return say(`the link to ${name} was cut (${state.reason}); restoring it`);
    case "ready":
      return state.resumes === 0 ? undefined : say(`the link to ${name} is back`);
    case "lost":
      return say(`the session with ${name} is lost: ${state.reason}; the next request opens another`);
    default:
      return undefined;
  }
}

function say(sentence: string): void {
  writeNow(2, `codex-env dial: ${sanitise(sentence)}\n`);
}
