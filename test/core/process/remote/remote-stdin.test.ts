import { describe, expect, test } from "bun:test";
import { RemoteStdin, StdinClosedError } from "../../../../core/process/remote/remote-stdin.ts";
import { type RemoteCalls, UnsupportedError } from "../../../../core/rpc/remote-calls.ts";

interface Call {
  readonly method: string;
  readonly params: { readonly chunk?: string; readonly writeId?: string };
  answer(result: unknown): void;
}

function setUp(abilities = { processCloseStdin: true }, tty = false) {
  const calls: Call[] = [];
  const remote: RemoteCalls = {
    // The answers below are what each method's schema makes of the wire.
    call: (method, params) =>
      new Promise((resolve) => {
        calls.push({ method: method.name, params, answer: (result) => resolve(result as never) });
      }),
  };
  return { calls, stdin: new RemoteStdin({ processId: "p", tty, calls: remote, abilities }) };
}

const turn = () => Bun.sleep(1);
const accepted = { status: "accepted" };

describe("the stdin of a remote process", () => {
  test("has four chunks on their way at most, each with an id of its own, in order", async () => {
    const { calls, stdin } = setUp();
    const written = stdin.write(new Uint8Array(10 * 64 * 1024));
    for (let seen = 4; seen <= 10; seen++) {
      await turn();
      expect(calls).toHaveLength(seen);
      calls[seen - 4]?.answer(accepted);
    }
    await written;
    expect(calls.map((call) => call.params.writeId)).toEqual(
      Array.from({ length: 10 }, (_, index) => String(index + 1)),
    );
  });

  test("is closed after everything that was written is acknowledged", async () => {
    const { calls, stdin } = setUp();
    await stdin.write(new Uint8Array([1]));
    const ended = stdin.end();
    await turn();
    expect(calls.map((call) => call.method)).toEqual(["process/write"]);
    calls[0]?.answer(accepted);
    await turn();
    expect(calls.map((call) => call.method)).toEqual(["process/write", "process/closeStdin"]);
    calls[1]?.answer({});
    await ended;
  });

  test("of a terminal is ended by its end-of-file character", async () => {
    const { calls, stdin } = setUp({ processCloseStdin: false }, true);
    void stdin.end();
    await turn();
    expect(calls[0]?.params.chunk).toBe("BA==");
  });

  test("fails once the server takes no more, and at once from then on", async () => {
    const { calls, stdin } = setUp();
    await stdin.write(new Uint8Array([1]));
    await turn();
    calls[0]?.answer({ status: "stdinClosed" });
    await turn();
    const error = await stdin.write(new Uint8Array([2])).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(StdinClosedError);
    expect(calls).toHaveLength(1);
  });

  test("cannot be closed where the server has no way to", async () => {
    const { stdin } = setUp({ processCloseStdin: false });
    expect(await stdin.end().catch((cause: unknown) => cause)).toBeInstanceOf(UnsupportedError);
  });
});
