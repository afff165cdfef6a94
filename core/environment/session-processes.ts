import type {
  EnvironmentProcess,
  ProcessBackend,
  ProcessSink,
  StartSpec,
} from "../process/process-backend.ts";
import type { SharedSession } from "./shared-session.ts";

/** The processes of a session that may not be there yet, or not any more. */
export class SessionProcesses implements ProcessBackend {
  readonly #session: SharedSession;

  constructor(session: SharedSession) {
    this.#session = session;
  }

  start(spec: StartSpec, sink: ProcessSink): Promise<EnvironmentProcess> {
    return this.#session.use(({ processes }) => processes.start(spec, sink));
  }
}
