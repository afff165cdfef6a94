import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { readFileAnswerBytes } from "../../../core/filesystem/local/read-file.ts";
import { limits } from "../../../core/limits.ts";
import { encodeResult } from "../../../core/protocol/message.ts";
import { failure, ScopeFixture } from "./scope-fixture.ts";

let fixture: ScopeFixture;
beforeEach(() => {
  fixture = new ScopeFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

const readFile = (name: string, options = {}) =>
  fixture.call("fs/readFile", {
    path: name.startsWith("/") ? `file://${name}` : fixture.uri(name),
    ...options,
  });

async function bytesOf(name: string): Promise<Buffer> {
  const { result } = (await readFile(name)) as { result: { dataBase64: string } };
  return Buffer.from(result.dataBase64, "base64");
}

describe("fs/readFile", () => {
  test.each([0, 1, 1023, 65_535, 65_536, 262_143, 262_144, 262_145, 1_000_000])(
    "of %d bytes gives exactly these bytes",
    async (size) => {
      const content = Buffer.alloc(size, Buffer.from([0, 255, 10, 128, 7]));
      writeFileSync(fixture.path("f"), content);
      expect((await bytesOf("f")).equals(content)).toBe(true);
    },
  );

  test("of the largest file that fits gives an answer within the frame limit", async () => {
    writeFileSync(fixture.path("f"), "");
    truncateSync(fixture.path("f"), readFileAnswerBytes);
    const { result } = (await readFile("f")) as { result: unknown };
    const frame = encodeResult("x".repeat(4000), result);
    expect(frame.length).toBeLessThanOrEqual(limits.outgoingFrameBytes);
    expect(frame.length).toBeGreaterThan(limits.outgoingFrameBytes - 8192);
  });

  test("of one byte more is refused and names the limit and the way out", async () => {
    writeFileSync(fixture.path("f"), "");
    truncateSync(fixture.path("f"), readFileAnswerBytes + 1);
    const outcome = (await readFile("f")) as { error: { code: number; message: string } };
    expect(outcome.error.code).toBe(-32600);
    expect(outcome.error.message).toContain(String(readFileAnswerBytes));
    expect(outcome.error.message).toContain("fs/open");
    expect(outcome.error.message).toContain("fs/readBlock");
  });

  test("over 512 MiB is refused in the reference's words", async () => {
    writeFileSync(fixture.path("f"), "");
    truncateSync(fixture.path("f"), 512 * 1024 * 1024 + 1);
    expect(await readFile("f")).toEqual(
      failure(-32600, "file is too large to read: limit is 536870912 bytes"),
    );
  });

  test("of a file that is cut meanwhile gives all of it or says so", async () => {
    const size = 4_000_000;
    for (let round = 0; round < 20; round++) {
      writeFileSync(fixture.path("f"), Buffer.alloc(size, 7));
      const reading = readFile("f");
      truncateSync(fixture.path("f"), round * 1000);
      const outcome = await reading;
      if ("error" in outcome) {
        const cut = /^path `<T>\/f` was cut while it was read: \d+ of 4000000 bytes$/;
        expect(outcome.error.message).toMatch(cut);
      } else {
        const { dataBase64 } = outcome.result as { dataBase64: string };
        expect(Buffer.from(dataBase64, "base64")).toHaveLength(size);
      }
    }
  });

  test("of a procfs file, which tells no size, reads to its end", async () => {
    expect((await bytesOf("/proc/sys/kernel/ostype")).toString()).toBe("Linux\n");
    expect((await bytesOf("/proc/self/mountinfo")).length).toBeGreaterThan(0);
  });

  test("of a sysfs file, which tells a page for a line, gives the line", async () => {
    expect((await bytesOf("/sys/kernel/mm/transparent_hugepage/enabled")).toString()).toContain("madvise");
  });

  test.each(["/dev/null", "/dev/zero", "/dev/tty"])(
    "of the device %s is refused without opening it",
    async (path) => {
      expect(await readFile(path)).toEqual(failure(-32600, `path \`${path}\` is not a file`));
    },
  );

  test("of a FIFO or a socket answers at once", async () => {
    Bun.spawnSync(["mkfifo", fixture.path("fifo")]);
    const server = createServer().listen(fixture.path("socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    expect(await readFile("fifo")).toEqual(failure(-32600, "path `<T>/fifo` is not a file"));
    expect(await readFile("socket")).toEqual(failure(-32603, "No such device or address (os error 6)"));
    server.close();
  });

  test.each([
    ["nothing there", "nope", failure(-32004, "No such file or directory (os error 2)")],
    ["a directory", "d", failure(-32600, "path `<T>/d` is not a file")],
    ["a file as parent", "f/x", failure(-32603, "Not a directory (os error 20)")],
    ["a link to itself", "loop", failure(-32603, "Symbolic link loop (os error 40)")],
    ["a name of 300 bytes", "x".repeat(300), failure(-32603, "Filename too long (os error 36)")],
    ["a path of 5,000 bytes", "y/".repeat(2500), failure(-32603, "Filename too long (os error 36)")],
  ])("with %s says so", async (_, name, expected) => {
    mkdirSync(fixture.path("d"));
    writeFileSync(fixture.path("f"), "f");
    symlinkSync("loop", fixture.path("loop"));
    expect(await readFile(name)).toEqual(expected);
  });

  test("with a restricting sandbox reads nothing and says why", async () => {
    writeFileSync(fixture.path("f"), "secret");
    const sandbox = {
      permissions: {
        type: "managed",
        file_system: { type: "restricted", entries: [] },
        network: "restricted",
      },
      windowsSandboxLevel: "disabled",
    };
    const outcome = await readFile("f", { sandbox });
    expect(outcome).toMatchObject({ error: { code: -32600 } });
    expect(JSON.stringify(outcome)).toContain("not served here");
    const unrestricted = { permissions: { type: "disabled" }, windowsSandboxLevel: "disabled" };
    expect(await readFile("f", { sandbox: unrestricted })).toEqual({
      result: { dataBase64: btoa("secret") },
    });
  });
});
