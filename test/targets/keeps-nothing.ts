import { expect } from "bun:test";
import { builtBinary } from "../support/built-binary.ts";
import type { TargetFixture } from "./target-fixture.ts";

export interface Killing {
  /** What carries the command on this side: our program itself, or what it has started. */
  readonly victim: "codex-env" | "its carrier";
  killCarrier(): Promise<unknown>;
  /** A line for each process over there. */
  processes(): Promise<readonly string[]>;
}

/** Runs a command in `web`, kills what carries it, and looks that nothing is left there and that it can be used again. */
export async function keepsNothing(mine: TargetFixture, { victim, ...there }: Killing): Promise<void> {
  const remains = async () => (await there.processes()).filter((line) => /codex-env|sleep 321/.test(line));
  const words = [builtBinary, "exec", "-e", "web", "sh", "-c", "echo up; sleep 321 & sleep 321"];
  const running = Bun.spawn(words, { env: mine.variables, stdio: ["ignore", "pipe", "ignore"] });
  await running.stdout.getReader().read();
  expect(await remains()).not.toEqual([]);
  if (victim === "codex-env") running.kill("SIGKILL");
  else await there.killCarrier();
  expect(await running.exited).toBe(victim === "codex-env" ? 137 : 123);
  const giveUpAt = performance.now() + 10_000;
  while ((await remains()).length > 0 && performance.now() < giveUpAt) await Bun.sleep(20);
  expect(await remains()).toEqual([]);
  const again = await mine.run("exec", "-e", "web", "echo", "again");
  expect(again).toMatchObject({ code: 0, stdout: "again\n" });
}
