import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { formatPath } from "../../../../core/protocol/path/format-path.ts";
import { PathUri } from "../../../../core/protocol/path/path-uri.ts";
import { RpcError } from "../../../../core/protocol/rpc-error.ts";

/** File names as the kernel takes them: any bytes but NUL and slash, and neither `.` nor `..`. */
const fileName = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x41 : byte))))
  .filter((name) => ![".", ".."].includes(name.toString("latin1")));
const printableName = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .filter((name) => !/[/\0]/.test(name) && name !== "." && name !== ".." && name.isWellFormed());

function nativeOf(text: string): string | Buffer {
  return PathUri.parse(text).toHost().native;
}

function failureOf(text: string): string {
  try {
    PathUri.parse(text).toHost();
    return "none";
  } catch (error) {
    if (error instanceof RpcError) return `${error.code} ${error.message}`;
    throw error;
  }
}

describe("a file URI made of a path", () => {
  test("any bytes, names the same path again", () => {
    fc.assert(
      fc.property(fc.array(fileName, { maxLength: 4 }), (names) => {
        const path = Buffer.concat(names.flatMap((name) => [Buffer.from("/"), name]));
        const native = path.length === 0 ? Buffer.from("/") : path;
        const uri = formatPath(native, "uri");
        expect(uri).toMatch(/^file:\/\/\/[\x21-\x7e]*$/);
        expect(Buffer.from(nativeOf(uri)).equals(native)).toBe(true);
      }),
    );
  });

  test("any text, names the same string again; the plain form too", () => {
    fc.assert(
      fc.property(fc.array(printableName, { minLength: 1, maxLength: 4 }), (names) => {
        const native = `/${names.join("/")}`;
        expect(nativeOf(formatPath(native, "uri"))).toBe(native);
        expect(nativeOf(formatPath(native, "plain"))).toBe(native);
      }),
    );
  });

  test("characters outside the reference's set of escapes stand as they are", () => {
    expect(formatPath("/a !$&'()*+,-.:;=@[]^_|~", "uri")).toBe("file:///a%20!$&'()*+,-.:;=@[]^_|~");
    expect(formatPath('/"#%<>?\\`{}\u007f\u0001é☃', "uri")).toBe(
      "file:///%22%23%25%3C%3E%3F%5C%60%7B%7D%7F%01%C3%A9%E2%98%83",
    );
  });

  test("a first name that reads as a Windows drive takes the reference's opaque spelling", () => {
    expect(formatPath("/C:/x", "uri")).toBe("file:///%00/bad/path/L0M6L3g");
    expect(nativeOf("file:///%00/bad/path/L0M6L3g")).toBe("/C:/x");
    expect(failureOf("file:///%00/bad/path/L2V0Yw")).toStartWith("-32600 ");
    expect(failureOf("file:///%00/bad/path/L0MAeA")).toBe(
      "-32600 file name contained an unexpected NUL byte",
    );
  });
});

describe("a path off the wire", () => {
  const same: [string, string][] = [
    ["FILE:///etc/x", "/etc/x"],
    ["file:/etc/x", "/etc/x"],
    ["file:etc/x", "/etc/x"],
    ["file:", "/"],
    ["file://", "/"],
    ["file://LOCALhost/x", "/x"],
    ["file://local%68ost/x", "/x"],
    ["file:////etc//x//", "/etc/x"],
    ["file:///a/../../b/./c", "/b/c"],
    ["file:///a/%2e%2E/b", "/b"],
    ["file:///a%2f..%2fb", "/b"],
    ["file:///d\\x", "/d/x"],
    [" fi\tle:///a\nb ", "/ab"],
    ["file:///sp ace", "/sp ace"],
    ["file:///%zz%4", "/%zz%4"],
    ["file:///C|/x", "/C|/x"],
    ["/a//b/../c/", "/a/c"],
    ["/a%20b?#", "/a%20b?#"],
    ["//host/x", "/host/x"],
  ];
  for (const [text, native] of same) {
    test(`${JSON.stringify(text)} means ${native}`, () => expect(nativeOf(text)).toBe(native));
  }

  test("bytes that are not UTF-8 stay bytes, and show as U+FFFD", () => {
    const { native, text } = PathUri.parse("file:///a/../bad%FF").toHost();
    expect(native).toEqual(Buffer.from("/bad\xff", "latin1"));
    expect(text).toBe("/bad\ufffd");
  });

  const refused: [string, string][] = [
    ["a/b", "-32602 invalid URI: relative URL without a base"],
    ["http://h/x", "-32602 unsupported path URI scheme `http`"],
    ["file:///a?", "-32602 query parameters are not allowed in path URIs"],
    ["file:///a#b", "-32602 fragments are not allowed in path URIs"],
    ["file:///a%00b", "-32602 'file:///a%00b' is invalid on 'linux'"],
    ["/a\0b", "-32602 'file:///a%00b' is invalid on 'linux'"],
    ["file://user@h/x", "-32602 invalid URI: invalid international domain name"],
    ["file://256.1.1.1/x", "-32602 invalid URI: invalid IPv4 address"],
    ["file://[::g]/x", "-32602 invalid URI: invalid IPv6 address"],
    ["file://Host/a/../b c", "-32600 'file://host/b%20c' is invalid on 'linux'"],
    ["file:///c:/../x", "-32600 'file:///C:/x' is invalid on 'linux'"],
  ];
  for (const [text, failure] of refused) {
    test(`${JSON.stringify(text)} fails with ${failure}`, () => expect(failureOf(text)).toBe(failure));
  }

  test("any text, an absolute path without dots or an RpcError", () => {
    const piece = fc.constantFrom(
      "file:",
      "FILE://",
      "/",
      "\\",
      ".",
      "..",
      "%2e",
      "%2f",
      "%00",
      "C:",
      "c|",
      "h",
      "?",
      "#",
      "é",
      " ",
      "\t",
      "[",
      "@",
      "%",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join("")),
        ),
        (text) => {
          if (failureOf(text) !== "none") return;
          const path = Buffer.from(nativeOf(text)).toString("latin1");
          expect(path).toStartWith("/");
          expect(path).not.toContain("\0");
          if (path !== "/")
            for (const name of path.slice(1).split("/")) expect(["", ".", ".."]).not.toContain(name);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("as the working directory of a start, a place elsewhere fails in that method's words", () => {
    expect(() => PathUri.parse("file://h/tmp").toWorkingDirectory()).toThrow(
      "cwd URI `file://h/tmp` is not valid on this exec-server host: 'file://h/tmp' is invalid on 'linux'",
    );
  });
});
