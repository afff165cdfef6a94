import { askInfo } from "../client/ask-info.ts";
import type { EnvironmentInfo } from "../client/environment-info.ts";
import type { EnvironmentState } from "./environment-state.ts";
import type { SharedSession } from "./shared-session.ts";

/** What every environment says of itself, through the one session that its users share. */
export abstract class SessionEnvironment {
  protected readonly session: SharedSession;

  protected constructor(session: SharedSession) {
    this.session = session;
  }

  get state(): EnvironmentState {
    return this.session.state;
  }

  nextState(): Promise<EnvironmentState> {
    return this.session.nextState();
  }

  info(): Promise<EnvironmentInfo> {
    return this.session.use((client) => client.info);
  }

  askInfo(): Promise<EnvironmentInfo> {
    return this.session.use(({ calls }) => askInfo(calls));
  }

  close(): Promise<void> {
    return this.session.close();
  }
}
