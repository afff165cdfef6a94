import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Case } from "./case.ts";
import { type Comparison, compareCases, type Server } from "./compare-cases.ts";
import { makeRunDirectories } from "./fixed-environment.ts";
import { launch } from "./launch.ts";
import { referenceCommand, type Side } from "./side.ts";
import { signedDifferences } from "./signed-differences/table.ts";
import { type CaseDifferences, judge, type Verdict } from "./verdict.ts";

export interface RunOptions {
  readonly cases: readonly Case[];
  /** What starts the second server, up to `--listen`. */
  readonly ourCommand: readonly string[];
  /** Servers that run already. */
  readonly urls?: { readonly reference?: string | undefined; readonly ours?: string | undefined };
  readonly parallel: number;
  readonly onDone?: Comparison["onDone"];
}

export interface RunResult {
  readonly found: readonly CaseDifferences[];
  readonly verdict: Verdict;
  readonly seconds: number;
}

/** Starts both servers, puts every case to them, and holds what differs against the signed table. */
export async function runConformance(options: RunOptions): Promise<RunResult> {
  const root = mkdtempSync(join(tmpdir(), "conformance-"));
  const directories = makeRunDirectories(root);
  const begun = performance.now();
  const owned: { end(): Promise<void> }[] = [];
  const serve = async (side: Side, url: string | undefined): Promise<Server> => {
    if (url) return { side, url };
    const server = await launch(side, {});
    owned.push(server);
    return { side, url: server.url };
  };
  try {
    const reference = await serve(
      { name: "reference", command: referenceCommand(), directories },
      options.urls?.reference,
    );
    const ours = await serve({ name: "ours", command: options.ourCommand, directories }, options.urls?.ours);
    const found = await compareCases(options.cases, {
      servers: [reference, ours],
      parallel: options.parallel,
      isExpected: (result) => judge([result], signedDifferences).unsigned.length === 0,
      ...(options.onDone ? { onDone: options.onDone } : {}),
    });
    const seconds = (performance.now() - begun) / 1000;
    return { found, verdict: judge(found, signedDifferences), seconds };
  } finally {
    for (const server of owned) await server.end();
    rmSync(root, { recursive: true, force: true });
  }
}
