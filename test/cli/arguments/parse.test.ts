import { describe, expect, test } from "bun:test";
import type { ArgumentDefinitions } from "../../../cli/arguments/definition.ts";
import { parseArguments } from "../../../cli/arguments/parse.ts";
import { UsageError } from "../../../cli/arguments/usage-error.ts";

const definitions = {
  listen: { type: "string", valueHint: "URL", default: "ws://127.0.0.1:0", description: "where" },
  "allow-host": { type: "string", valueHint: "NAME", repeat: true, description: "whom" },
  "log-format": { type: "enum", options: ["text", "json"], default: "text", description: "how" },
  tty: { type: "boolean", negatable: true, description: "PTY" },
  resume: { type: "boolean", default: true, description: "resume" },
  quiet: { type: "boolean", alias: "q", description: "quiet" },
  source: { type: "positional", required: false, description: "from" },
} as const satisfies ArgumentDefinitions;

function parse(...words: string[]) {
  return parseArguments(words, definitions, false);
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("arguments that are right", () => {
  test("nothing given: defaults, absent, and false", () => {
    expect(parse()).toEqual({
      args: {
        listen: "ws://127.0.0.1:0",
        "allow-host": [],
        "log-format": "text",
        tty: undefined,
        resume: true,
        quiet: false,
        source: undefined,
      },
      rest: [],
    });
  });

  test("both spellings of a value, one letter for a switch, and what stands without a dash", () => {
    const parsed = parse("--listen=stdio", "-q", "--log-format", "json", "here");
    expect(parsed).toMatchObject({
      args: { listen: "stdio", quiet: true, "log-format": "json", source: "here" },
    });
  });

  test("a flag that repeats keeps every value in order, empty ones and ones with an equals sign too", () => {
    expect(parse("--allow-host", "a=b", "--allow-host=", "--allow-host=--no-x")).toMatchObject({
      args: { "allow-host": ["a=b", "", "--no-x"] },
    });
  });

  test("a switch that may be negated tells yes, no and unsaid apart", () => {
    expect(parse("--tty")).toMatchObject({ args: { tty: true } });
    expect(parse("--no-tty")).toMatchObject({ args: { tty: false } });
    expect(parse("--no-resume")).toMatchObject({ args: { resume: false } });
  });

  test("what follows two dashes is no flag", () => {
    expect(parse("--", "--quiet")).toMatchObject({ args: { quiet: false, source: "--quiet" } });
  });

  test("--help anywhere before a mistake asks for help", () => {
    expect(parse("--listen", "stdio", "--help")).toBe("help");
    expect(parse("-h", "--wrong")).toBe("help");
  });
});

test("single letters may stand together, the last one with a value", () => {
  const letters = {
    recursive: { type: "boolean", alias: "r", description: "r" },
    quiet: { type: "boolean", alias: "q", description: "q" },
    env: { type: "string", alias: "e", valueHint: "K=V", repeat: true, description: "e" },
  } as const;
  const args = { recursive: true, quiet: true, env: ["A=1", "B=2"] };
  expect(parseArguments(["-rq", "-e", "A=1", "-e=B=2"], letters, false)).toEqual({ args, rest: [] });
});

test("a required argument that is missing is named, and a dash alone is one", () => {
  const copy = {
    source: { type: "positional", description: "from" },
    target: { type: "positional", description: "to" },
  } as const;
  expect(refusal(() => parseArguments(["one"], copy, false))).toBe("TARGET is missing");
  expect(parseArguments(["-", "two"], copy, false)).toEqual({
    args: { source: "-", target: "two" },
    rest: [],
  });
});

describe("a command that takes a rest", () => {
  const exec = { env: { type: "string", valueHint: "K=V", repeat: true, description: "env" } } as const;
  const parseExec = (...words: string[]) => parseArguments(words, exec, true);

  test("hands on everything after two dashes untouched", () => {
    const expected = { args: { env: ["a=b"] }, rest: ["ls", "--help", "--", "-x"] };
    expect(parseExec("--env", "a=b", "--", "ls", "--help", "--", "-x")).toEqual(expected);
  });

  test("hands on everything from the first word that is no flag", () => {
    expect(parseExec("ls", "--env")).toEqual({ args: { env: [] }, rest: ["ls", "--env"] });
  });

  test("asks for help itself only before that word", () => {
    expect(parseExec("--env", "a=b", "--help")).toBe("help");
  });
});

describe("bad usage names the argument", () => {
  test.each([
    [["--lisen", "x"], "unknown flag --lisen, did you mean --listen?"],
    [["--no-tyy"], "unknown flag --no-tyy, did you mean --no-tty?"],
    [["--allowHost=x"], "unknown flag --allowHost, did you mean --allow-host?"],
    [["--zzzzzzzzzzzz"], "unknown flag --zzzzzzzzzzzz"],
    [["--no-quiet"], "unknown flag --no-quiet, did you mean --quiet?"],
    [["--listen"], "--listen needs a value"],
    [["--listen", "--quiet"], "--listen needs a value (write --listen=--quiet if that is the value)"],
    [["--listen=a", "--listen=b"], "--listen is given more than once"],
    [["--quiet=yes"], "--quiet takes no value"],
    [["-qx"], "unknown flag -x"],
    [["-q=yes"], "-q takes no value"],
    [["one", "two"], 'unexpected argument "two"'],
  ])("%p", (words, message) => {
    expect(refusal(() => parse(...words))).toBe(message);
  });

  test("a value outside the choices is answered with the choices", () => {
    expect(refusal(() => parse("--log-format=xml"))).toBe('--log-format takes text or json, not "xml"');
  });

  test("a required flag that is missing is named", () => {
    const required = {
      token: { type: "string", valueHint: "FILE", required: true, description: "t" },
    } as const;
    expect(refusal(() => parseArguments([], required, false))).toContain("--token");
  });
});
