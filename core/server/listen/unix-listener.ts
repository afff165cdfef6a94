import { randomBytes } from "node:crypto";
import { linkSync, lstatSync, type Stats, unlinkSync } from "node:fs";
import { connect } from "node:net";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { osErrorText } from "../../host/errno.ts";
import { limits } from "../../limits.ts";
import { ListenError } from "./listen-error.ts";
import type { Listener } from "./listener.ts";
import { serveWebSockets, stopServing, type WebSocketService } from "./serve-websockets.ts";

/** Nobody but the owner may connect. */
const ownerOnlyUmask = 0o177;

/**
 * Listens for websockets on a Unix socket that only its owner can open, from its first moment. A socket that a
 * dead server left behind is replaced; a live one, or another kind of file, is refused with {@link ListenError}; what Bun or the system throws when it cannot bind
 * is thrown as it is.
 * The socket is removed at the end, unless somebody else has put another in its place.
 */
export async function listenUnix(path: string, service: WebSocketService): Promise<Listener> {
  if (Buffer.byteLength(path) > limits.unixSocketPathBytes) {
    throw new ListenError(
      `the path of a Unix socket may have ${limits.unixSocketPathBytes} bytes, this one has ${Buffer.byteLength(path)}`,
    );
  }
  await removeStale(path);
  // Bound under another name, since Bun removes that one at the end, whatever is there then; and a link that
  // finds the name taken fails, where a second server that starts at the same moment would be overrun.
  const bindPath = join(dirname(path), `.${randomBytes(4).toString("hex")}`);
  const server = bindOwnerOnly(bindPath, service);
  const bound = lstatSync(bindPath);
  try {
    linkSync(bindPath, path);
  } catch (error) {
    void server.stop(true);
    throw error;
  }
  unlinkSync(bindPath);
  const remove = () => {
    if (isSameFile(statOrUndefined(path), bound)) unlinkSync(path);
  };
  return {
    url: `unix://${path}`,
    ended: new Promise<void>(() => {}),
    stopAccepting() {
      remove();
      void server.stop(false);
    },
    async close() {
      remove();
      await stopServing(server);
    },
  };
}

function bindOwnerOnly(path: string, service: WebSocketService): ReturnType<typeof serveWebSockets> {
  const umask = process.umask(ownerOnlyUmask);
  try {
    return serveWebSockets({ unix: path }, service);
  } finally {
    process.umask(umask);
  }
}

async function removeStale(path: string): Promise<void> {
  const found = statOrUndefined(path);
  if (found === undefined) return;
  if (!found.isSocket()) throw new ListenError(`${path} exists and is not a socket`);
  if (await isAnswered(path)) throw new ListenError(`${path}: ${osErrorText(constants.errno.EADDRINUSE)}`);
  if (isSameFile(statOrUndefined(path), found)) unlinkSync(path);
}

function isAnswered(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(path);
  socket.once("connect", () => resolve(true));
  // Refused: nobody listens. Any other failure (no permission, a full backlog) leaves the socket alone.
  socket.once("error", (error) => resolve(!("code" in error && error.code === "ECONNREFUSED")));
  return promise.finally(() => socket.destroy());
}

function statOrUndefined(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function isSameFile(one: Stats | undefined, other: Stats): boolean {
  return one !== undefined && one.ino === other.ino && one.dev === other.dev;
}
