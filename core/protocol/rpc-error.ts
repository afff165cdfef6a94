/** Codes of the dialect. JSON-RPC reserves -32768..-32000; the last two are the exec-server's own in that range. */
export const ErrorCode = {
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  notFound: -32004,
  sessionAttached: -32010,
} as const;

export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** A failure that is answered on the wire as `{code, message}`, with `data: {member}` if it has one. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;
  /** Which member of the params is meant, where the message alone does not say it. */
  readonly member: string | undefined;
  constructor(code: number, message: string, options?: ErrorOptions & { readonly member?: string }) {
    super(message, options);
    this.code = code;
    this.member = options?.member;
  }
}
