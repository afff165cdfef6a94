import { type CopyJob, copy } from "../cp/copy.ts";
import { showProgress } from "../cp/show-progress.ts";
import type { Repl } from "./repl.ts";

/** A copy between this machine and the REPL's environment. */
type ReplCopy = Omit<CopyJob, "route" | "names"> & { readonly direction: "get" | "put" };

/** Copies with a progress line; Ctrl-C gives up, which leaves the destination as it was. Resolves to the exit code. */
export async function copyWithReport(repl: Repl, { direction, ...job }: ReplCopy): Promise<number> {
  const abort = new AbortController();
  const left = Promise.withResolvers<never>();
  const interrupt = () => {
    abort.abort(new Error("given up"));
    // Without a link the copy itself cannot notice yet.
    if (repl.client.state.kind !== "ready") left.reject(abort.signal.reason);
  };
  process.on("SIGINT", interrupt);
  using progress = showProgress();
  try {
    const transfer = { client: repl.client, progress, signal: abort.signal };
    const there = `${repl.place.name}:`;
    const names = direction === "get" ? { from: there, to: "" } : { from: "", to: there };
    const copying = copy({ ...job, names, route: { kind: direction, transfer } }, (sentence) =>
      repl.screen.note(sentence),
    );
    const failures = await Promise.race([copying, left.promise]);
    return failures === 0 ? 0 : 1;
  } finally {
    process.off("SIGINT", interrupt);
  }
}
