import type { ExecClient } from "../../core/client/connect-client.ts";

/** What a copy needs to know, whichever way it goes. */
export interface Transfer {
  readonly client: ExecClient;
  readonly progress: TransferProgress;
  readonly signal: AbortSignal;
  /** False: the configuration keeps commands from where it goes. */
  readonly mayRun?: boolean;
}

/** Is told how a copy goes on. */
export interface TransferProgress {
  /** A file begins; `size` is what is known of it. */
  begin(name: string, size: number): void;
  advance(bytes: number): void;
  /** The file begins again: what was counted for it is void. */
  restart(): void;
  done(): void;
}

/** The name of the file that is written before it takes its place: hidden, beside it, and not to be met by chance. */
export function temporaryName(path: string): string {
  const slash = path.lastIndexOf("/");
  const random = crypto.getRandomValues(new Uint8Array(8)).toHex();
  return `${path.slice(0, slash + 1)}.${path.slice(slash + 1).slice(0, 200)}.codex-env-${random}`;
}
