/**
 * What a server may send, as a tolerant view. These clients look at what arrives instead of trusting it: every
 * member may be missing at run time, and a missing or mistyped one shows as a failed assertion or a difference.
 */
export interface WireError {
  readonly code: number;
  readonly message: string;
}

export interface WireChunk {
  readonly seq: number;
  readonly stream: string;
  readonly chunk: string;
}

export interface WireEntry {
  readonly fileName: string;
  readonly path: string;
}

/** Every member that some method answers with. */
export interface WireResult {
  readonly sessionId: string;
  readonly environmentInfo: Readonly<Record<string, unknown>>;
  readonly processId: string;
  /** Of codex-env, in process/start and environment/info. */
  readonly sandboxMechanism?: string;
  readonly status: string;
  readonly running: boolean;
  readonly chunks: readonly WireChunk[];
  readonly nextSeq: number;
  readonly exited: boolean;
  readonly exitCode: number | null;
  readonly closed: boolean;
  readonly failure: string | null;
  readonly sandboxDenied: boolean;
  readonly omittedBytes?: number;
  readonly dataBase64: string;
  readonly path: string;
  readonly entries: WireEntry[];
  readonly truncated: boolean;
  readonly modifiedAtMs: number;
  readonly chunk: string;
  readonly eof: boolean;
  readonly handleId: string;
}

/** Every member that some notification carries. */
export interface WireEvent {
  readonly processId: string;
  /** Of codex-env, in process/start and environment/info. */
  readonly sandboxMechanism?: string;
  readonly seq: number;
  readonly stream: string;
  readonly chunk: string;
  readonly exitCode: number;
  readonly sandboxDenied: boolean;
  readonly omittedBytes?: number;
}

export interface WireMessage {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: WireEvent;
  readonly result?: WireResult;
  readonly error?: WireError;
}

export interface WireNotification {
  readonly method: string;
  readonly params: WireEvent;
}

/** A text that is not JSON becomes `{ $unparsed }`, so that it stays visible in what a case reports. */
export function readMessage(text: string): WireMessage {
  try {
    // The view is tolerant by design: see above.
    return JSON.parse(text) as WireMessage;
  } catch {
    return { $unparsed: text } as WireMessage;
  }
}
