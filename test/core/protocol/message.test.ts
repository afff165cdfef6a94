import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { limits } from "../../../core/limits.ts";
import { encodeRefusal } from "../../../core/protocol/encode-message.ts";
import {
  decodeMessage,
  encodeError,
  encodeNotification,
  encodeOutput,
  encodeRequest,
  encodeResult,
} from "../../../core/protocol/message.ts";
import { RpcError } from "../../../core/protocol/rpc-error.ts";

const source = { transport: "websocket", peer: "127.0.0.1:5" } as const;

describe("decodeMessage", () => {
  test("a request, keeps its id exactly and its params as they came", () => {
    expect(decodeMessage('{"id":9223372036854775807,"method":"m","params":[1]}', source)).toEqual({
      kind: "request",
      id: 9223372036854775807n,
      method: "m",
      params: [1],
    });
    expect(decodeMessage('{"method":"m","result":1,"id":"","jsonrpc":2}', source)).toEqual({
      kind: "request",
      id: "",
      method: "m",
    });
  });

  test("without an id, a notification, whatever its trace", () => {
    const message = decodeMessage('{"method":"initialized","trace":5}', source);
    expect(message).toEqual({ kind: "notification", method: "initialized" });
  });

  test("without a method, a response or an error", () => {
    expect(decodeMessage('{"id":1,"result":null}', source)).toEqual({
      kind: "response",
      id: 1,
      result: null,
    });
    expect(decodeMessage('{"id":"a","error":{"code":-1,"message":"x"}}', source)).toEqual({
      kind: "response",
      id: "a",
      error: { code: -1, message: "x" },
    });
  });

  test("a malformed message, names the link it came over", () => {
    expect(() => decodeMessage("{", source)).toThrow(
      "failed to parse websocket JSON-RPC message from exec-server websocket 127.0.0.1:5: EOF while parsing an object at line 1 column 1",
    );
    expect(() => decodeMessage("[]", { transport: "stdio", peer: "stdio" })).toThrow(
      "failed to parse JSON-RPC message from exec-server stdio: expected a JSON-RPC object",
    );
  });

  test("any text, a message or an RpcError", () => {
    const piece = fc.constantFrom(
      ..."{}[]:,",
      '"id"',
      '"method"',
      '"params"',
      '"error"',
      '"trace"',
      '"x"',
      "1",
      "null",
      "1.5",
    );
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(piece).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          decodeMessage(given, source);
        } catch (error) {
          expect(error).toBeInstanceOf(RpcError);
          if (error instanceof RpcError) expect(error.code).toBe(-32600);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("encoders", () => {
  test("members in the reference's order, and no jsonrpc", () => {
    expect(encodeResult(1, { a: 1 })).toBe('{"id":1,"result":{"a":1}}');
    expect(encodeError("x", -32601, 'no "y"')).toBe(
      '{"error":{"code":-32601,"message":"no \\"y\\""},"id":"x"}',
    );
    expect(encodeRefusal(1, { code: -32602, message: "m", member: "sandbox.cwd" })).toBe(
      '{"error":{"code":-32602,"data":{"member":"sandbox.cwd"},"message":"m"},"id":1}',
    );
    expect(encodeNotification("m", { a: 1n })).toBe('{"method":"m","params":{"a":1}}');
    expect(encodeNotification("initialized")).toBe('{"method":"initialized"}');
  });

  test("an id of 64 bits, written exactly", () => {
    expect(encodeResult(9223372036854775807n, null)).toBe('{"id":9223372036854775807,"result":null}');
    expect(encodeError(-9223372036854775808n, 1, "")).toBe(
      '{"error":{"code":1,"message":""},"id":-9223372036854775808}',
    );
  });

  test("an error's text at its limit is whole, one character more and it is cut", () => {
    const text = (length: number): string => JSON.parse(encodeError(1, 1, "x".repeat(length))).error.message;
    expect(text(limits.errorTextCharacters)).toBe("x".repeat(limits.errorTextCharacters));
    expect(text(limits.errorTextCharacters + 1)).toBe(
      `${"x".repeat(limits.errorTextCharacters)}… (${limits.errorTextCharacters + 1} characters)`,
    );
  });

  test("an output notification, the same as the general encoder makes", () => {
    const event = { seq: 7, stream: "stderr", chunk: "YQ==" } as const;
    const processId = 'p"\u2028';
    expect(encodeOutput(JSON.stringify(processId), event)).toBe(
      encodeNotification("process/output", { processId, ...event }),
    );
  });

  test("what is encoded decodes to the same", () => {
    const id = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.integer(),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
    );
    fc.assert(
      fc.property(
        id,
        fc.string({ unit: "grapheme" }),
        fc.jsonValue({ noUnicodeString: false }),
        (given, method, params) => {
          const message = decodeMessage(encodeRequest(given, method, params), source);
          expect(message.kind === "request" && [message.id, message.method]).toEqual([given, method]);
        },
      ),
    );
  });
});
