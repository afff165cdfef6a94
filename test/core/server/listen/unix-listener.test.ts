import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RawWebSocket } from "../../transport/raw-websocket.ts";
import { listenEcho } from "./echo-listener.ts";

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "unix-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

let count = 0;
const newPath = () => join(directory, `${++count}.sock`);

describe("a Unix socket", () => {
  test("carries messages and can be opened by its owner only", async () => {
    const path = newPath();
    await using server = await listenEcho({ listen: `unix://${path}` });
    expect(server.url).toBe(`unix://${path}`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    using socket = await RawWebSocket.open({ path }, { Host: "anything" });
    socket.send(1, "hello");
    await socket.until(() => socket.texts.length === 1);
    expect(socket.texts).toEqual(["hello"]);
    expect(server.connections[0]?.peer).toBe("unix");
  });

  test("leaves the process's umask as it was", async () => {
    const before = process.umask();
    await using _server = await listenEcho({ listen: `unix://${newPath()}` });
    expect(process.umask()).toBe(before);
  });

  test("refuses a browser like any other listener", async () => {
    const path = newPath();
    await using _server = await listenEcho({ listen: `unix://${path}` });
    using socket = await RawWebSocket.open({ path }, { Origin: "http://localhost" });
    expect(socket.status).toBe(403);
  });

  test("is removed at the end", async () => {
    const path = newPath();
    const server = await listenEcho({ listen: `unix://${path}` });
    await server[Symbol.asyncDispose]();
    expect(existsSync(path)).toBe(false);
  });

  test("that somebody else has put in its place stays at the end", async () => {
    const path = newPath();
    const server = await listenEcho({ listen: `unix://${path}` });
    rmSync(path);
    writeFileSync(path, "not ours");
    await server[Symbol.asyncDispose]();
    expect(existsSync(path)).toBe(true);
  });

  test("on which somebody listens is refused", async () => {
    const path = newPath();
    await using _server = await listenEcho({ listen: `unix://${path}` });
    const second = listenEcho({ listen: `unix://${path}` });
    await expect(second).rejects.toThrow(`${path}: Address in use (os error 98)`);
    using socket = await RawWebSocket.open({ path });
    expect(socket.status).toBe(101);
  });

  test("that a dead server has left behind is replaced", async () => {
    const path = newPath();
    const script = `Bun.serve({ unix: ${JSON.stringify(path)}, fetch: () => new Response() }); process.kill(process.pid, "SIGKILL");`;
    await Bun.spawn([process.execPath, "-e", script]).exited;
    expect(statSync(path).isSocket()).toBe(true);
    await using _server = await listenEcho({ listen: `unix://${path}` });
    using socket = await RawWebSocket.open({ path });
    expect(socket.status).toBe(101);
  });

  test("never replaces another kind of file", async () => {
    const path = newPath();
    writeFileSync(path, "mine");
    expect(listenEcho({ listen: `unix://${path}` })).rejects.toThrow("exists and is not a socket");
    expect(existsSync(path)).toBe(true);
  });

  test("whose path does not fit is refused with the limit", () => {
    const path = `/tmp/${"x".repeat(103)}`;
    expect(listenEcho({ listen: `unix://${path}` })).rejects.toThrow("may have 107 bytes, this one has 108");
  });

  test("in a directory that is not there is refused in the words of the OS", () => {
    expect(listenEcho({ listen: `unix://${directory}/absent/s` })).rejects.toThrow(
      "No such file or directory (os error 2)",
    );
  });
});
