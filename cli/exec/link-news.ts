import { isatty } from "node:tty";
import type { LinkState } from "../../core/client/link-state.ts";
import { limits } from "../../core/limits.ts";
import { formatDuration } from "../terminal/format.ts";
import { sanitise } from "../terminal/sanitise.ts";
import { say } from "./say.ts";

/**
 * Tells people what becomes of the link. On a terminal it says now and then that a cut one is still being restored, and
 * for how long: most are back before anybody needs to know.
 */
export class LinkNews implements Disposable {
  #reminder: Timer | undefined;

  readonly heard = (state: LinkState): void => {
    clearTimeout(this.#reminder);
    switch (state.kind) {
      case "recovering": {
        const { reason, triedForMs } = state;
        say(`the link was cut (${sanitise(reason)}); restoring it`);
        if (isatty(2)) this.#remind(performance.now(), triedForMs, 0);
        return;
      }
      case "ready":
        if (state.resumes > 0) say("the link is back");
        return;
      case "lost":
      case "connecting":
      case "closed":
        return;
    }
  };

  [Symbol.dispose](): void {
    clearTimeout(this.#reminder);
  }

  #remind(since: number, triedForMs: number, turn: number): void {
    const pause = Math.min(limits.linkReminderLongestMs, limits.linkReminderFirstMs * 2 ** turn);
    this.#reminder = setTimeout(() => {
      const leftMs = Math.max(0, since + triedForMs - performance.now());
      say(`still restoring the link, for up to ${formatDuration(leftMs)} more; Ctrl-C gives up`);
      this.#remind(since, triedForMs, turn + 1);
    }, pause);
  }
}
