import { beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { reachState } from "../../../core/environment/environment-state.ts";
import { Turnstile } from "../../support/turnstile.ts";
import { until } from "../../support/wait.ts";
import { linkFailures } from "../client/link-failures.ts";
import { installReference } from "../install-reference.ts";
import type { ServerName } from "./both-servers.ts";
import { openBrokenLink } from "./broken-link.ts";
import { exited } from "./client-step.ts";
import { cutDeeds } from "./cut-steps.ts";
import { Running, script } from "./running.ts";

beforeAll(installReference, 120_000);

const servers: readonly ServerName[] = ["the published server", "our server"];
// They wait more than they work.
const turnstile = new Turnstile(10);

describe.each(servers)("our client on %s, over a link that breaks:", (name) => {
  for (const failure of linkFailures) {
    test.concurrent(
      failure.name,
      () =>
        turnstile.pass(async () => {
          const deed = cutDeeds[failure.name];
          if (deed === undefined) throw new Error("our client is not put through this one");
          await using link = await openBrokenLink(name, failure.decide);
          expect(await deed.act(link.environment, link.place)).toEqual(deed.wants);
          expect(link.proxy.connections).toBeGreaterThan(1);
          expect(failure.after?.(link.proxy)).toBeUndefined();
        }),
      60_000,
    );
  }

  test.concurrent(
    "3 MB that are printed while it is down are whole, or their gap is told",
    () =>
      turnstile.pass(async () => {
        // Output may come before the answer to the start, which nobody could be told while the link is down.
        const awaited = new Set(["output", "answer"]);
        await using link = await openBrokenLink(name, () => ({ message }) => {
          if (awaited.size === 0) return "pass";
          if (message.method === "process/output") awaited.delete("output");
          if (message.result !== undefined && "processId" in Object(message.result)) awaited.delete("answer");
          if (awaited.size > 0) return "pass";
          link.proxy.refuse(true);
          return "cut after";
        });
        const { environment, place } = link;
        const waits = "echo up; until test -e go; do sleep 0.02; done";
        const prints = `${waits}; head -c 3000000 /dev/zero; echo END; : >done; exit 6`;
        const running = await Running.start(environment, script(prints, place));
        await reachState(environment, ["recovering"]);
        await Bun.write(`${place}/go`, "");
        expect(await until(() => existsSync(`${place}/done`), 10_000)).toBe(true);
        link.proxy.refuse(false);
        const { output, ending } = await running.outcome();
        const text = output["stdout"] ?? "";
        expect([text.startsWith("up\n"), text.endsWith("\0END\n")]).toEqual([true, true]);
        const keepsAll = name === "our server";
        expect(text.length === 3_000_007).toBe(keepsAll);
        expect(ending).toEqual(keepsAll ? exited(6) : ["gap", ...exited(6)]);
      }),
    60_000,
  );
});
