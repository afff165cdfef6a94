import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { until } from "../../../support/wait.ts";
import type { HeldClient } from "../../server/held-server.ts";
import { realServer, shell } from "../../server/real-server.ts";

let server: Awaited<ReturnType<typeof realServer>>;
let client: HeldClient;
beforeAll(async () => {
  server = await realServer();
  client = await server.client();
});
afterAll(async () => await server.server.shutdown());

const eventsOf = (processId: string) =>
  client.inbound.filter((message) => message.params?.processId === processId);
const outputOf = (processId: string) =>
  eventsOf(processId)
    .flatMap((message) => (message.method === "process/output" ? [atob(message.params?.chunk ?? "")] : []))
    .join("");
const seen = (processId: string, method: string) =>
  until(() => eventsOf(processId).some((message) => message.method === method), 5000);
const write = (processId: string, text: string, writeId: string) =>
  client.request("process/write", { processId, chunk: btoa(text), writeId });
const listed = async (processId: string) => {
  const { processes } = (await client.request("process/list")) as unknown as {
    processes: { processId: string }[];
  };
  return processes.find((one) => one.processId === processId);
};

describe("process/closeStdin", () => {
  test("is the end of input after everything that was written before it", async () => {
    await client.start("cat", { argv: ["cat"], pipeStdin: true });
    const answers = await Promise.all([
      write("cat", "one ", "1"),
      write("cat", "two", "2"),
      client.request("process/closeStdin", { processId: "cat" }),
      write("cat", "three", "3"),
      client.request("process/closeStdin", { processId: "cat" }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([
      "accepted",
      "accepted",
      "closed",
      "stdinClosed",
      "stdinClosed",
    ]);
    expect(await seen("cat", "process/closed")).toBe(true);
    expect(outputOf("cat")).toBe("one two");
  });

  test("pipelined behind its start it waits for it", async () => {
    void client.start("sort", { argv: ["sort"], pipeStdin: true });
    void write("sort", "b\na\n", "1");
    expect((await client.request("process/closeStdin", { processId: "sort" })).status).toBe("closed");
    expect(await seen("sort", "process/closed")).toBe(true);
    expect(outputOf("sort")).toBe("a\nb\n");
  });

  test("on a process without stdin and on none it says so", async () => {
    await client.start("deaf", { argv: ["true"] });
    expect((await client.request("process/closeStdin", { processId: "deaf" })).status).toBe("stdinClosed");
    expect((await client.request("process/closeStdin", { processId: "nobody" })).status).toBe(
      "unknownProcess",
    );
  });
});

describe("process/resize", () => {
  test("changes the terminal's size, and after the end it is nothing", async () => {
    await client.start("pty", {
      ...shell("read _; stty size"),
      tty: true,
      ptySize: { rows: 10, columns: 20 },
    });
    await client.request("process/resize", { processId: "pty", rows: 33, columns: 44 });
    await write("pty", "\n", "1");
    expect(await seen("pty", "process/closed")).toBe(true);
    expect(outputOf("pty")).toContain("33 44");
    expect(await client.request("process/resize", { processId: "pty", rows: 1, columns: 1 })).toEqual(
      {} as never,
    );
  });

  test("is refused for pipes and for a process that is not there", async () => {
    await client.start("pipes", { argv: ["true"] });
    const size = { rows: 1, columns: 1 };
    expect((await client.call("process/resize", { processId: "pipes", ...size })).error?.message).toBe(
      "process pipes has no terminal to resize",
    );
    expect((await client.call("process/resize", { processId: "nobody", ...size })).error?.message).toBe(
      "unknown process id nobody",
    );
  });
});

describe("process/list and the end of a process", () => {
  test("tells what runs, what has exited and what has closed", async () => {
    await client.start("held", shell("(sleep 100) & exit 7"));
    expect(await seen("held", "process/exited")).toBe(true);
    expect(await listed("held")).toMatchObject({ running: false, exitCode: 7, closed: false, tty: false });
    expect(await client.request("process/terminate", { processId: "held" })).toMatchObject({
      running: false,
    });
    expect(await seen("held", "process/closed")).toBe(true);
    expect(await listed("held")).toMatchObject({ running: false, exitCode: 7, closed: true });
  });

  test("a write after terminate is told that it failed, and one after the end that stdin is closed", async () => {
    await client.start("killed", { argv: ["sleep", "100"], pipeStdin: true });
    expect(await client.request("process/terminate", { processId: "killed" })).toMatchObject({
      running: true,
    });
    const failed = await client.call("process/write", { processId: "killed", chunk: "", writeId: "1" });
    expect(failed.error).toEqual({ code: -32603, message: "failed to write to process stdin" });
    await client.start("ended", { argv: ["true"], pipeStdin: true });
    expect(await seen("ended", "process/closed")).toBe(true);
    expect((await write("ended", "x", "1")).status).toBe("stdinClosed");
  });

  test("signals by name reach the whole group, on pipes and on a terminal", async () => {
    for (const tty of [false, true]) {
      const processId = `trap${tty}`;
      await client.start(processId, {
        ...shell('trap "echo caught; exit 5" USR1; echo up; while :; do sleep 0.1; done'),
        tty,
      });
      expect(await until(() => outputOf(processId).includes("up"), 5000)).toBe(true);
      await client.request("process/signal", { processId, signal: "SIGUSR1" });
      expect(await seen(processId, "process/closed")).toBe(true);
      expect(outputOf(processId)).toContain("caught");
      expect(await listed(processId)).toMatchObject({ exitCode: 5, tty });
    }
  });
});
