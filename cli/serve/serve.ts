import { limits } from "../../core/limits.ts";
import { lateServer } from "../../core/server/late-server.ts";
import { loadInsiderCheck } from "../../core/server/listen/insiders.ts";
import { type ListenOptions, listen } from "../../core/server/listen/listen.ts";
import { ListenError } from "../../core/server/listen/listen-error.ts";
import type { Listener } from "../../core/server/listen/listener.ts";
import { describeInternalError } from "../../core/server/log/describe-internal-error.ts";
import { loggedAcceptor } from "../../core/server/log/logged-acceptor.ts";
import { type LogFormat, type LogLevel, ServerLog } from "../../core/server/log/server-log.ts";
import { releasingStartUp } from "../../core/server/start-up-memory.ts";
import { printNotice, printResult } from "../terminal/print.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { version } from "../version.ts";
import { onStopSignal } from "./stop-signals.ts";

export interface ServeOptions {
  readonly listen: ListenOptions;
  readonly sessionTtlSeconds: number;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

/** Serves until a stop signal comes or the listener ends. Resolves to the exit code. */
export async function serve(options: ServeOptions): Promise<number> {
  const log = new ServerLog({
    level: options.logLevel,
    format: options.logFormat,
    output: Bun.stderr.writer(),
  });
  const failed = (event: string) => (error: unknown) => log.error(event, describeInternalError(error));
  // One broken request must not end everybody's commands.
  process.on("uncaughtException", failed("uncaught exception"));
  process.on("unhandledRejection", failed("unhandled rejection"));
  const cwd = process.cwd();
  const settle = async (): Promise<void> => {
    await loadInsiderCheck();
    const { tellOfSandbox } = await import("./tell-of-sandbox.ts");
    await tellOfSandbox(log).catch(failed("the sandbox could not be tried out"));
  };
  const server = lateServer(async () => {
    const { createExecServer } = await import("../../core/server/exec-server.ts");
    const whole = await createExecServer({
      version,
      sessionTtlSeconds: options.sessionTtlSeconds,
      environment: process.env,
      cwd,
      onInternalError: (error, method) =>
        log.error("internal error", { method, ...describeInternalError(error) }),
    });
    return { ...whole, accept: releasingStartUp(whole.accept, settle) };
  });
  const stopped = Promise.withResolvers<string>();
  const heeding = onStopSignal(stopped.resolve);
  let listener: Listener;
  try {
    // A peer on stdio is there already, and its end must not overtake the answers.
    if (options.listen.listen.startsWith("stdio")) await server.load();
    listener = await listen(
      { ...options.listen, onRefused: (refused) => log.warn("connection refused", refused) },
      loggedAcceptor(server.accept, log, options.listen.auth.auth ?? "none"),
    );
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    const cure = error.cure === undefined ? "" : `${error.cure}\n`;
    await printNotice(`Error: ${sanitise(error.message)}\n${cure}`);
    return 1;
  }
  await heeding;
  if (listener.url !== undefined) await printResult(`${listener.url}\n`);
  await server.load();
  const { exposedSecrets } = await import("../../core/server/auth/exposed-secrets.ts");
  for (const flag of exposedSecrets(options.listen)) {
    log.warn("a secret file can be opened by other users of this machine", { flag });
  }
  const reason = await Promise.race([
    stopped.promise,
    listener.ended.then(() => "the peer on stdio has ended"),
  ]);
  log.info("stopping", { reason });
  listener.stopAccepting();
  const inTime = await within(limits.shutdownDeadlineMs - 2 * limits.logFlushMs, stop(server, listener));
  if (!inTime) log.error("gave up waiting for the end of all commands");
  await log.flush(limits.logFlushMs);
  return inTime ? 0 : 1;
}

async function stop(server: { shutdown(): Promise<void> }, listener: Listener): Promise<void> {
  await server.shutdown();
  await listener.close();
}

/** Whether `work` is done before `ms` are over. */
async function within(ms: number, work: Promise<void>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ms);
  try {
    return await Promise.race([promise, work.then(() => true)]);
  } finally {
    clearTimeout(timer);
  }
}
