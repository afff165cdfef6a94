import type { LateFilesystemScope } from "../filesystem/scope/late-filesystem-scope.ts";
import * as processes from "../process/handler/process-handler.ts";
import type { MethodName, MethodParams } from "../protocol/methods.ts";
import type { EnvironmentInfo, MethodResults } from "../protocol/results.ts";
import type { Mechanism } from "../sandbox/mechanism.ts";

/** What an initialised connection brings to its requests. */
export interface RouteContext {
  readonly caller: processes.ProcessCaller;
  readonly filesystem: LateFilesystemScope;
  readonly info: () => EnvironmentInfo;
  readonly mechanism: () => Promise<Mechanism>;
}

/** Methods that are answered by their return; `initialize` is the handshake's, `process/start` answers by itself. */
type RoutedMethod = Exclude<MethodName, "initialize" | "process/start">;

type Routes = {
  readonly [M in RoutedMethod]: (
    context: RouteContext,
    params: MethodParams[M],
  ) => MethodResults[M] | Promise<MethodResults[M]>;
};

/** Filesystem requests keep their order among themselves, so all go through the connection's one scope. */
const filesystem =
  <M extends RoutedMethod & `fs/${string}`>(method: M) =>
  (context: RouteContext, params: MethodParams[M]) =>
    context.filesystem.handle(method, params);

export const routes: Routes = {
  // Not in the answer to initialize, which does not wait until a sandbox has been tried out.
  "environment/info": async ({ info, mechanism }) => ({
    ...info(),
    sandboxMechanism: (await mechanism()).kind,
  }),
  "environment/status": () => ({ status: "ready" }),
  "process/read": (context, params) => processes.read(context.caller, params),
  "process/write": (context, params) => processes.write(context.caller, params),
  "process/signal": (context, params) => processes.signal(context.caller, params),
  "process/terminate": (context, params) => processes.terminate(context.caller, params),
  "process/resize": (context, params) => processes.resize(context.caller, params),
  "process/closeStdin": (context, params) => processes.closeStdin(context.caller, params),
  "process/list": (context) => processes.list(context.caller),
  "fs/readFile": filesystem("fs/readFile"),
  "fs/writeFile": filesystem("fs/writeFile"),
  "fs/open": filesystem("fs/open"),
  "fs/readBlock": filesystem("fs/readBlock"),
  "fs/writeBlock": filesystem("fs/writeBlock"),
  "fs/close": filesystem("fs/close"),
  "fs/createDirectory": filesystem("fs/createDirectory"),
  "fs/getMetadata": filesystem("fs/getMetadata"),
  "fs/canonicalize": filesystem("fs/canonicalize"),
  "fs/readDirectory": filesystem("fs/readDirectory"),
  "fs/walk": filesystem("fs/walk"),
  "fs/remove": filesystem("fs/remove"),
  "fs/copy": filesystem("fs/copy"),
  "fs/watchMissing": filesystem("fs/watchMissing"),
};
