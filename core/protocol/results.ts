/** An empty success. */
export type Nothing = Readonly<Record<string, never>>;

export interface EnvironmentInfo {
  readonly shell: { readonly name: string; readonly path: string };
  /** The reference's version that we speak. */
  readonly executorVersion: string;
  /** `sha256:` and 64 hex digits. */
  readonly providerId: string;
  readonly cwd: string | null;
  readonly userHomeDir?: string;
  readonly platformOs: string;
  readonly prependPathDirs: readonly string[];
  readonly temporaryDirectories: readonly string[];
  readonly tempDir: string;
  /** A missing flag means false. */
  readonly capabilities: Readonly<Record<string, boolean>>;
  /** Ours: the version of codex-env. */
  readonly codexEnvVersion?: string;
  /** Ours, in the answer to `environment/info`: what holds restricting sandboxes. `none`: they are refused. */
  readonly sandboxMechanism?: "bubblewrap" | "landlock" | "none";
}

export type OutputStream = "stdout" | "stderr" | "pty";

export interface OutputChunk {
  readonly seq: number;
  readonly stream: OutputStream;
  /** Base64. */
  readonly chunk: string;
}

export interface ProcessReadResult {
  readonly chunks: readonly OutputChunk[];
  readonly nextSeq: number;
  readonly exited: boolean;
  readonly exitCode: number | null;
  readonly closed: boolean;
  readonly failure: string | null;
  readonly sandboxDenied: boolean;
  /** Ours: bytes that were asked for and are no longer kept; absent when there are none. */
  readonly omittedBytes?: number;
}

export interface ProcessSummary {
  readonly processId: string;
  readonly pid: number;
  readonly running: boolean;
  readonly exitCode: number | null;
  readonly closed: boolean;
  readonly tty: boolean;
}

export interface FileMetadata {
  readonly isDirectory: boolean;
  readonly isFile: boolean;
  /** The path itself is a link; everything else tells of its target. */
  readonly isSymlink: boolean;
  readonly size: number;
  /** Milliseconds since 1970; 0 where the file system keeps no time of birth. */
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}

export interface WalkResult {
  readonly entries: readonly { readonly path: string; readonly kind: "file" | "directory" }[];
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  readonly truncated: boolean;
}

/** What each method answers. */
export interface MethodResults {
  readonly initialize: { readonly sessionId: string; readonly environmentInfo: EnvironmentInfo };
  readonly "environment/info": EnvironmentInfo;
  readonly "environment/status": { readonly status: "ready" };
  readonly "process/start": {
    readonly processId: string;
    readonly sandboxType: "none" | "linuxSeccomp";
    /** Ours: what holds the process; absent where the request names no sandbox. */
    readonly sandboxMechanism?: "bubblewrap" | "landlock" | "seccomp" | "none";
  };
  readonly "process/read": ProcessReadResult;
  readonly "process/write": {
    readonly status: "accepted" | "unknownProcess" | "stdinClosed" | "starting";
  };
  readonly "process/signal": Nothing;
  readonly "process/terminate": { readonly running: boolean };
  readonly "process/resize": Nothing;
  readonly "process/closeStdin": { readonly status: "closed" | "unknownProcess" | "stdinClosed" };
  readonly "process/list": { readonly processes: readonly ProcessSummary[] };
  readonly "fs/readFile": { readonly dataBase64: string };
  readonly "fs/writeFile": Nothing;
  readonly "fs/open": { readonly handleId: string };
  readonly "fs/readBlock": { readonly chunk: string; readonly eof: boolean };
  readonly "fs/writeBlock": Nothing;
  readonly "fs/close": Nothing;
  readonly "fs/createDirectory": Nothing;
  readonly "fs/getMetadata": FileMetadata;
  readonly "fs/canonicalize": { readonly path: string };
  readonly "fs/readDirectory": {
    readonly entries: readonly {
      readonly fileName: string;
      readonly isDirectory: boolean;
      readonly isFile: boolean;
    }[];
  };
  readonly "fs/walk": WalkResult;
  readonly "fs/remove": Nothing;
  readonly "fs/copy": Nothing;
  readonly "fs/watchMissing": { readonly watching: boolean };
}
