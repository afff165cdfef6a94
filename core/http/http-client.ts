/** Sends HTTP requests from where an environment is, not from here. */
export interface HttpClient {
  /** Resolves when the header of the answer is there. Rejects with RpcError where the request could not be made. */
  request(request: HttpRequest): Promise<HttpResponse>;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  /** In order; a name may come several times. */
  readonly headers: readonly HttpField[];
  readonly body?: Uint8Array;
  /** `stop` hands on the redirect itself. */
  readonly redirects: "stop" | "follow";
  readonly signal?: AbortSignal;
}

export interface HttpField {
  readonly name: string;
  readonly value: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: readonly HttpField[];
  readonly body: ReadableStream<Uint8Array>;
}
