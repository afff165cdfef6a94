import { closeSync } from "node:fs";
import { duplicate } from "../../host/descriptors.ts";
import { limits } from "../../limits.ts";

/** What a short run of bubblewrap came to. */
export interface BubblewrapRun {
  /** 128 + n for a death by signal n. */
  readonly exitCode: number;
  readonly stdout: string;
  /** Its own words, without `bwrap: ` in front. */
  readonly words: string;
}

export interface RunOptions {
  readonly arguments: readonly string[];
  /** Descriptors that it finds at 3, 4, ... */
  readonly inherited?: readonly number[];
}

/** Runs the program of a descriptor, without any environment, in `/`, and never longer than the limit. */
export async function runBubblewrap(descriptor: number, options: RunOptions): Promise<BubblewrapRun> {
  const inherited = options.inherited ?? [];
  // Moved away first: none may stand at a number that another is given in the child.
  using away = new DisposableStack();
  const moved = inherited.map((one) => away.adopt(duplicate(one, 3 + inherited.length), closeSync));
  const child = Bun.spawn([`/proc/${process.pid}/fd/${descriptor}`, ...options.arguments], {
    argv0: "bwrap",
    env: {},
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe", ...moved],
    timeout: limits.sandboxProbeMs,
    killSignal: "SIGKILL",
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const words =
    child.signalCode === "SIGKILL"
      ? `it was killed, or not done after ${limits.sandboxProbeMs} ms`
      : stderr.trim();
  return { exitCode, stdout, words: words.replace(/^bwrap: /, "") };
}
