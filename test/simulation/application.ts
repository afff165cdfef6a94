import { environmentMethods } from "../../core/client/environment-info.ts";
import { RpcError } from "../../core/protocol/rpc-error.ts";
import type { ObservedProcess } from "./observed-process.ts";
import { isEnd, type Scene, Undertaking } from "./undertaking.ts";

/** Everything that one client does in a run. */
export class Application {
  readonly undertakings: readonly Undertaking[];
  readonly #scene: Scene;
  readonly #report: (violation: string) => void;
  #typed = 0;
  #settled = false;

  constructor(scene: Scene, report: (violation: string) => void) {
    this.#scene = scene;
    this.#report = report;
    this.undertakings = scene.schedule.works.map((work) => new Undertaking(work, scene, report));
    void this.#run();
  }

  /** Nothing that was asked for is unanswered, and every process has ended as far as the application knows. */
  get done(): boolean {
    return this.#settled && this.undertakings.every(({ over }) => over);
  }

  observed(name: string | undefined): ObservedProcess | undefined {
    return this.undertakings.find(({ work }) => work.script.name === name)?.observed;
  }

  /** The link is back. */
  linkIsBack(): void {
    if (!this.#scene.schedule.eager) return;
    for (const undertaking of this.undertakings) undertaking.typeNow(`!${this.#typed++};`);
  }

  finish(): void {
    for (const undertaking of this.undertakings) {
      undertaking.finish(this.#scene.spawner.named(undertaking.work.script.name));
    }
  }

  async #run(): Promise<void> {
    await Promise.all([
      ...this.undertakings.map((undertaking) => undertaking.run()),
      ...this.#scene.schedule.asks.map((atMs) => this.#ask(atMs)),
    ]);
    this.#settled = true;
  }

  async #ask(atMs: number): Promise<void> {
    await Bun.sleep(atMs);
    try {
      const { shell } = await this.#scene.client.calls.call(environmentMethods.info, {});
      if (shell.path !== "/bin/sh") this.#report(`another server answered: ${shell.path}`);
    } catch (error) {
      const { harsh, bridged } = this.#scene.schedule;
      const told = harsh && bridged && error instanceof RpcError;
      if (!told && !isEnd(error)) this.#report(`a question failed: ${error}`);
    }
  }
}
