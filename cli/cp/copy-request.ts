/** What `codex-env cp` was asked for. */
export interface CopyRequest {
  readonly source: string;
  readonly destination: string;
  readonly recursive: boolean;
  readonly environment: string | undefined;
  readonly url: string | undefined;
  readonly tokenFile: string | undefined;
  readonly caFile: string | undefined;
  readonly resume: boolean;
}
