import { describe, expect, test } from "bun:test";
import { limits } from "../../../../core/limits.ts";
import { parseJson } from "../../../../core/protocol/json/parse.ts";
import { decodeParams, isMethodName, type MethodName } from "../../../../core/protocol/methods.ts";
import { signalNumbers } from "../../../../core/protocol/params/signal-name.ts";

function decode<M extends MethodName>(method: M, params: unknown) {
  return decodeParams(method, parseJson(JSON.stringify(params)));
}

const start = { processId: "p", argv: ["a"], cwd: "file:///", env: {}, tty: true };

describe("our own methods and members", () => {
  for (const value of [1, 65_535]) {
    test(`a terminal length of ${value} is taken`, () => {
      expect(decode("process/resize", { processId: "p", rows: value, columns: 80 }).rows).toBe(value);
      const { ptySize } = decode("process/start", { ...start, ptySize: { rows: 24, columns: value } });
      expect(ptySize).toEqual({ rows: 24, columns: value });
    });
  }

  for (const value of [0, 65_536]) {
    test(`a terminal length of ${value} is refused`, () => {
      const message = "invalid value: number, expected an integer from 1 to 65535";
      expect(() => decode("process/resize", { processId: "p", rows: value, columns: 80 })).toThrow(message);
      expect(() => decode("process/start", { ...start, ptySize: { rows: 24, columns: value } })).toThrow(
        message,
      );
    });
  }

  test("a session's time to live from one second to one day", () => {
    const ask = (sessionTtlSeconds: unknown) =>
      decode("initialize", { clientName: "c", sessionTtlSeconds }).sessionTtlSeconds;
    expect(ask(1)).toBe(1);
    expect(ask(limits.sessionTtlMaxSeconds)).toBe(86_400);
    expect(ask(null)).toBeNull();
    expect(() => ask(0)).toThrow("expected an integer from 1 to 86400");
    expect(() => ask(limits.sessionTtlMaxSeconds + 1)).toThrow("expected an integer from 1 to 86400");
  });

  test("absent, they leave a stock request as it is", () => {
    expect(decode("initialize", ["c", null]).sessionTtlSeconds).toBeNull();
    expect(decode("process/start", start).ptySize).toBeNull();
  });

  test("they have no place in a positional array", () => {
    const params = [
      "p",
      null,
      ["a"],
      "file:///",
      null,
      null,
      {},
      true,
      false,
      null,
      null,
      false,
      null,
      null,
      null,
    ];
    expect(() => decode("process/start", params)).toThrow(
      "invalid length 15, expected fewer elements in array",
    );
  });

  for (const name of Object.keys(signalNumbers)) {
    test(`the signal ${name} is taken by its name`, () => {
      expect<string>(decode("process/signal", { processId: "p", signal: name }).signal).toBe(name);
    });
  }

  test("POSIX spellings of signals mean the same", () => {
    expect(decode("process/signal", { processId: "p", signal: "SIGTERM" }).signal).toBe("terminate");
    expect(decode("process/signal", { processId: "p", signal: "SIGINT" }).signal).toBe("interrupt");
  });

  test("an unknown signal is refused in the reference's words", () => {
    for (const signal of ["Interrupt", "", "sigterm", "constructor"]) {
      expect(() => decode("process/signal", { processId: "p", signal })).toThrow(
        `unknown variant \`${signal}\`, expected \`interrupt\``,
      );
    }
  });

  test("methods that are not served, and names that objects inherit, are no methods", () => {
    for (const name of ["http/request", "capabilities/discoverV2", "toString", "__proto__", "initialized"]) {
      expect(isMethodName(name)).toBe(false);
    }
  });
});

describe("an environment in params", () => {
  test("any name is a name", () => {
    const env = '{"constructor":"1","__proto__":"2","prototype":"3","":"4","A=B":"5"}';
    const params = parseJson(`{"processId":"p","argv":["a"],"cwd":"/","env":${env},"tty":true}`);
    expect(decodeParams("process/start", params).env).toEqual([
      ["constructor", "1"],
      ["__proto__", "2"],
      ["prototype", "3"],
      ["", "4"],
      ["A=B", "5"],
    ]);
  });
});
