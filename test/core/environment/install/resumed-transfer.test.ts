import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FileToPut, putFile } from "../../../../core/environment/install/put-file.ts";
import { limits } from "../../../../core/limits.ts";
import { nearTarget } from "./near-target.ts";

const content = randomBytes(3 * limits.installPieceBytes);
const sha256 = createHash("sha256").update(content).digest("hex");
const piece = `.program.${sha256}.part`;

let home = "";
let file: FileToPut;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "codex-env-resumed-"));
  const path = join(home, "source");
  writeFileSync(path, content);
  file = { path, size: content.length, sha256, directory: join(home, "there"), name: "program" };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const there = () => readdirSync(file.directory).sort();

interface Way {
  readonly packed?: boolean;
  /** What stands between here and there, as nearTarget takes it. */
  readonly between?: string;
  readonly programs?: readonly string[];
}

/** One try to put the file there; resolves to what is told of the bytes, too. */
async function put({ packed = false, ...options }: Way = {}) {
  using target = nearTarget(options);
  let told = 0;
  const advance = (bytes: number) => {
    told += bytes;
  };
  const outcome = await putFile(target.shell, file, { packed, advance });
  return { outcome, told };
}

/** A way that lets so many bytes through, and then ends. */
const cut = (bytes: number) => `head -c ${bytes} | "$@"`;

const half = 2 * limits.installPieceBytes;

describe("a file whose transfer was cut off", () => {
  test.each([false, true])("goes on from what is there (packed: %p)", async (packed) => {
    await expect(put({ packed, between: cut(half) })).rejects.toThrow(/program was cut off after \d+ bytes/);
    expect(there()).toEqual([piece]);
    const arrived = statSync(join(file.directory, piece)).size;
    // Who unpacks may hold back what is not whole.
    expect(arrived).toBeGreaterThan(half - 200_000);
    const wire = join(home, "wire");
    expect(await put({ packed, between: `tee ${wire} | "$@"` })).toEqual({
      outcome: "placed",
      told: content.length,
    });
    expect(there()).toEqual(["program"]);
    expect(readFileSync(join(file.directory, "program")).equals(content)).toBe(true);
    // Packed quickly, what is random becomes a little longer.
    expect(statSync(wire).size).toBeLessThan(1.1 * (content.length - arrived) + 10_000);
  });

  test("is brought there in as many pieces as it takes", async () => {
    for (let tries = 0; tries < 2; tries++) {
      const words = { between: cut(limits.installPieceBytes + 1_000) };
      await expect(put(words)).rejects.toThrow("was cut off");
    }
    expect(statSync(join(file.directory, piece)).size).toBeGreaterThan(half);
    expect((await put()).outcome).toBe("placed");
    expect(readFileSync(join(file.directory, "program")).equals(content)).toBe(true);
  });

  test.each([
    ["changed", (bytes: Buffer) => bytes.fill(0, 7, 8)],
    ["longer than the file", (bytes: Buffer) => Buffer.concat([bytes, content])],
    ["empty", () => Buffer.alloc(0)],
  ])("starts anew where what is there is %s", async (_, harm) => {
    await expect(put({ between: cut(half) })).rejects.toThrow("was cut off");
    const path = join(file.directory, piece);
    writeFileSync(path, harm(readFileSync(path)));
    expect(await put()).toEqual({ outcome: "placed", told: content.length });
    expect(readFileSync(join(file.directory, "program")).equals(content)).toBe(true);
    expect(there()).toEqual(["program"]);
  });

  test("is there whole when two go on at once", async () => {
    await expect(put({ between: cut(half) })).rejects.toThrow("was cut off");
    const outcomes = (await Promise.all([put(), put()])).map(({ outcome }) => outcome);
    expect(outcomes).toContain("placed");
    expect(there()).toEqual(["program"]);
    expect(readFileSync(join(file.directory, "program")).equals(content)).toBe(true);
  });

  test("keeps its piece from one who is gone before a byte", async () => {
    await expect(put({ between: cut(half) })).rejects.toThrow("was cut off");
    const before = statSync(join(file.directory, piece)).size;
    await expect(put({ between: '"$@" </dev/null' })).rejects.toThrow();
    expect(there()).toEqual([piece]);
    expect(statSync(join(file.directory, piece)).size).toBe(before);
  });

  test.each([
    ["early", { between: cut(limits.installPieceBytes / 2) }, "was cut off"],
    // As when the disk is full: what is there would keep it so.
    ["by an error over there", { between: 'trap "" XFSZ; ulimit -f 3000; exec "$@"' }, "cannot be written"],
    [
      "by an error in the middle of packed bytes",
      { packed: true, between: 'trap "" XFSZ; ulimit -f 3000; exec "$@"' },
      "cannot be written",
    ],
    [
      "where nothing makes a SHA-256",
      {
        between: cut(half),
        programs: ["sh", "cat", "wc", "mkdir", "mv", "rm", "chmod", "find", "env", "dd"],
      },
      "was cut off",
    ],
  ])("%s leaves nothing behind", async (_, way, message) => {
    await expect(put(way)).rejects.toThrow(message);
    expect(there()).toEqual([]);
  });
});
