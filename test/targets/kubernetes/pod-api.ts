import { createServer, type Socket } from "node:net";
import { serveExec } from "./exec-session.ts";

/** The one pod that there is. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly container: string;
  /** What stands before a command to run it in there. */
  readonly enter: readonly string[];
}

/** As much of the API of Kubernetes as `kubectl exec` asks for. */
export interface PodApi extends AsyncDisposable {
  readonly url: string;
  /** Of every `exec`: the query, without the command. */
  readonly asked: readonly string[];
}

export async function startPodApi(pod: Pod): Promise<PodApi> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    void serve(socket, pod, asked);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One connection: requests without bodies, until one of them is upgraded. */
async function serve(socket: Socket, pod: Pod, asked: string[]): Promise<void> {
  for (let head = await headOf(socket); head !== undefined; head = await headOf(socket)) {
    const [method = "", target = ""] = head.split(" ");
    const url = new URL(target, "http://pods");
    if (method === "POST" && /^upgrade: *spdy\/3\.1\r?$/im.test(head) && url.pathname === execPath(pod)) {
      const command = url.searchParams.getAll("command");
      url.searchParams.delete("command");
      asked.push(url.searchParams.toString());
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n",
      );
      return await serveExec(socket, [...pod.enter, ...command]);
    }
    const { code, body } = method === "GET" ? answerTo(url.pathname, pod) : missing(url.pathname);
    const text = JSON.stringify(body);
    const lines = [
      `HTTP/1.1 ${code} So`,
      "Content-Type: application/json",
      `Content-Length: ${Buffer.byteLength(text)}`,
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n${text}`);
  }
}

/** Up to its empty line; undefined when the client has gone. */
async function headOf(socket: Socket): Promise<string | undefined> {
  let text = "";
  while (!text.endsWith("\r\n\r\n")) {
    const byte: Buffer | null = socket.read(1);
    if (byte !== null) text += byte.toString("latin1");
    else if (socket.readableEnded || socket.destroyed) return undefined;
    else await moreOf(socket);
  }
  return text;
}

async function moreOf(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      for (const name of ["readable", "end", "close"]) socket.off(name, done);
      resolve();
    };
    for (const name of ["readable", "end", "close"]) socket.on(name, done);
  });
}

const podPath = ({ namespace, name }: Pod) => `/api/v1/namespaces/${namespace}/pods/${name}`;
const execPath = (pod: Pod) => `${podPath(pod)}/exec`;

interface Answer {
  readonly code: number;
  readonly body: object;
}

function answerTo(path: string, pod: Pod): Answer {
  const verbs = ["get", "list"];
  const resource = {
    name: "pods",
    singularName: "pod",
    namespaced: true,
    kind: "Pod",
    shortNames: ["po"],
    verbs,
  };
  const bodies: Readonly<Record<string, object>> = {
    "/version": { major: "1", minor: "20", gitVersion: "v1.20.2" },
    "/api": { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] },
    "/apis": { kind: "APIGroupList", apiVersion: "v1", groups: [] },
    "/api/v1": { kind: "APIResourceList", groupVersion: "v1", resources: [resource] },
    [podPath(pod)]: {
      kind: "Pod",
      apiVersion: "v1",
      metadata: { name: pod.name, namespace: pod.namespace },
      spec: { containers: [{ name: pod.container, image: "none" }] },
      status: { phase: "Running" },
    },
  };
  const body = bodies[path];
  return body === undefined ? missing(path) : { code: 200, body };
}

function missing(path: string): Answer {
  const message = `${JSON.stringify(path.split("/").at(-1))} not found`;
  const status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason: "NotFound",
    code: 404,
  };
  return { code: 404, body: status };
}
