/** The files that an attempt has for itself. */
export interface Place {
  readonly directory: string;
  /** The account of the server. */
  readonly uid: number;
  readonly workspace: string;
  /** Beside the workspace. */
  readonly outside: string;
  /** Contents that must not be seen, by the file that has them. */
  readonly secrets: {
    readonly inside: string;
    readonly outside: string;
    readonly denied: string;
    readonly env: string;
  };
}
