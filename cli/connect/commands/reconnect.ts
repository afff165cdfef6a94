import { environmentMethods } from "../../../core/client/environment-info.ts";
import type { DotCommand } from "../dot-command.ts";

/** Renews the connection; where the session is lost, opens a new one. Directory and variables stay. */
export const reconnectCommand: DotCommand = {
  name: ".reconnect",
  usage: "",
  summary: "renew the link, or open a new session where it is lost",
  words: { min: 0, max: 0 },
  async run({ repl }) {
    switch (await repl.place.reconnect()) {
      case "new":
        repl.screen.note("a new session is open");
        return 0;
      case "kept":
        repl.screen.note("the link is up, and its session would end with it: it stays as it is");
        return 1;
      case "resumed":
        // Comes back when the link has.
        await repl.client.calls.call(environmentMethods.status, {});
        return 0;
    }
  },
};
