import { closeSync, writeSync } from "node:fs";
import { duplicate } from "../../core/host/descriptors.ts";
import { osErrorText } from "../../core/host/errno.ts";
import type { Launch } from "../../core/sandbox/launch/launch.ts";
import { releasePlaceholder } from "../../core/sandbox/launch/placeholder.ts";
import {
  failedSandboxPart,
  type StageStatus,
  StageStatusDecoder,
} from "../../core/sandbox/launch/stage-status.ts";
import { SandboxRefusal } from "../../core/sandbox/sandbox-refusal.ts";
import { forwardSignals } from "./forward-signals.ts";
import { spawnLaunch } from "./spawn-launch.ts";

/** See core/sandbox/stage/wire.h. */
const ORDER_SIGNAL = 1;

/** The command ran, and nobody saw how it ended. */
export class UnseenEndError extends Error {
  override readonly name = "UnseenEndError";
}

/**
 * Runs a launch and stays behind: passes signals on, ends what the command leaves running, and removes what stands on
 * the host for the sandbox. Resolves to the command's exit code; 128 + n for a death by signal n. Throws where nothing
 * was run, a SandboxRefusal where it was the sandbox that could not be made.
 */
export async function superviseCommand(launch: Launch): Promise<number> {
  using end = new DisposableStack();
  // The launch closes its own, with everything that the child has copies of.
  for (const placeholder of launch.parts.placeholders) {
    end.adopt({ ...placeholder, descriptor: duplicate(placeholder.descriptor) }, releasePlaceholder);
  }
  const { status, orders, stage } = launch.parts;
  end.adopt(status, closeSync);
  const child = spawnLaunch(launch.parts);
  launch[Symbol.dispose]();
  const words = child.stderr === undefined ? undefined : new Response(child.stderr).text();
  end.use(forwardSignals((signal) => (orders < 0 ? child.kill(signal) : tell(orders, signal))));
  const outcome = await outcomeOf(status);
  // The end of its orders is the order to end everything.
  if (orders >= 0) closeSync(orders);
  const code = await child.exited;
  if (outcome?.kind === "failed") throw whyNot(outcome);
  if (stage === "become") return code;
  if (outcome?.kind === "exited") return outcome.code;
  if (outcome?.kind === "started")
    throw new UnseenEndError("the sandbox was killed, and nobody saw how the command ended");
  throw new SandboxRefusal((await words)?.trim().replace(/^bwrap: /, "") || "it ended without a word");
}

/** The last that the stage says: nothing, that the command runs, why it does not, or how it ended. */
async function outcomeOf(status: number): Promise<StageStatus | undefined> {
  const decoder = new StageStatusDecoder();
  let last: StageStatus | undefined;
  for await (const bytes of Bun.file(status).stream()) {
    for (const said of decoder.decode(bytes)) {
      last = said;
      if (said.kind !== "started") return said;
    }
  }
  return last;
}

function whyNot({ errno, stage }: Extract<StageStatus, { readonly kind: "failed" }>): Error {
  const part = failedSandboxPart(stage);
  if (part !== undefined) return new SandboxRefusal(`${part}: ${osErrorText(errno)}`);
  return new Error(`the command cannot be run: ${osErrorText(errno)}`);
}

function tell(orders: number, signal: number): void {
  try {
    writeSync(orders, new Uint8Array([ORDER_SIGNAL, signal]));
  } catch {
    // EPIPE: nobody is there any more, and what was there is about to be seen ending.
  }
}
