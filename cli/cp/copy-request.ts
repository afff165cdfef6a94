import type { LinkRequest } from "../link/link-flags.ts";

/** What `codex-env cp` was asked for. */
export interface CopyRequest {
  readonly source: string;
  readonly destination: string;
  readonly recursive: boolean;
  /** Where `env:` is, and how every link is kept. */
  readonly link: LinkRequest;
}
