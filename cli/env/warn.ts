import { printNotice } from "../terminal/print.ts";
import { sanitise } from "../terminal/sanitise.ts";

/** Sentences on stderr, one a line. */
export async function warn(sentences: readonly string[]): Promise<void> {
  if (sentences.length === 0) return;
  await printNotice(sentences.map((text) => `codex-env env: ${sanitise(text)}\n`).join(""));
}
