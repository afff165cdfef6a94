interface Request {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

export interface Script {
  /** Default: always the same. */
  sessionId?(): string;
  /** Everything but `initialize`. */
  heard?(request: Request, socket: Bun.ServerWebSocket<undefined>): void;
  /** The socket takes more. */
  drain?(socket: Bun.ServerWebSocket<undefined>): void;
}

export interface ScriptedServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
}

/** A websocket server that introduces itself as one that knows no more than its shell, and then does what none should. */
export function scriptedServer({ sessionId = () => "s", heard, drain }: Script): ScriptedServer {
  const environmentInfo = { shell: { name: "sh", path: "/bin/sh" } };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request, self) => (self.upgrade(request) ? undefined : new Response()),
    websocket: {
      message(socket, text) {
        const request: Request = JSON.parse(String(text));
        const { id, method } = request;
        if (method === "initialize")
          socket.send(JSON.stringify({ id, result: { sessionId: sessionId(), environmentInfo } }));
        else heard?.(request, socket);
      },
      ...(drain === undefined ? {} : { drain }),
    },
  });
  const port = server.port ?? 0;
  return { port, url: `ws://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => server.stop(true) };
}
