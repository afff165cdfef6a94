import { describe, expect, test } from "bun:test";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type FileToPut, putFile } from "../../../../core/environment/install/put-file.ts";
import { type NearTarget, nearTarget } from "./near-target.ts";

const content = Buffer.concat([randomBytes(300_000), Buffer.alloc(900_000, "codex-env ")]);
const basic = ["sh", "cat", "wc", "mkdir", "mv", "rm", "chmod", "find", "env"];

function fileFor({ home }: NearTarget): FileToPut {
  const path = join(home, "source");
  writeFileSync(path, content);
  return {
    path,
    size: content.length,
    sha256: createHash("sha256").update(content).digest("hex"),
    directory: join(home, "it's a place", "deep"),
    name: "program",
  };
}

const quiet = { packed: false, advance() {} };

describe("a file put elsewhere", () => {
  test.each([false, true])("arrives whole and can be run (packed: %p)", async (packed) => {
    using target = nearTarget();
    const file = fileFor(target);
    let sent = 0;
    const advance = (bytes: number) => {
      sent += bytes;
    };
    expect(await putFile(target.shell, file, { packed, advance })).toBe("placed");
    expect(sent).toBe(content.length);
    expect(readFileSync(join(file.directory, file.name)).equals(content)).toBe(true);
    expect(statSync(join(file.directory, file.name)).mode & 0o777).toBe(0o755);
    expect(statSync(file.directory).mode & 0o777).toBe(0o700);
    expect(readdirSync(file.directory)).toEqual(["program"]);
  });

  test("is not sent again while it is what is there, and is once that is anything else", async () => {
    using target = nearTarget();
    const file = fileFor(target);
    await putFile(target.shell, file, quiet);
    const refuse = { packed: false, advance: () => expect.unreachable() };
    expect(await putFile(target.shell, file, refuse)).toBe("present");
    const damaged = Buffer.from(content);
    damaged[5] = (damaged[5] ?? 0) ^ 1;
    writeFileSync(join(file.directory, file.name), damaged);
    expect(await putFile(target.shell, file, quiet)).toBe("placed");
    expect(readFileSync(join(file.directory, file.name)).equals(content)).toBe(true);
  });

  test("by two at once is there whole, and nothing else is", async () => {
    using target = nearTarget();
    const file = fileFor(target);
    const both = [putFile(target.shell, file, quiet), putFile(target.shell, file, quiet)];
    expect(await Promise.all(both)).toContain("placed");
    expect(readFileSync(join(file.directory, file.name)).equals(content)).toBe(true);
    expect(readdirSync(file.directory)).toEqual(["program"]);
  });

  test("is read back where nothing there makes a SHA-256", async () => {
    using target = nearTarget({ programs: basic });
    const file = fileFor(target);
    expect(await putFile(target.shell, file, quiet)).toBe("placed");
    expect(readFileSync(join(file.directory, file.name)).equals(content)).toBe(true);
    expect(readdirSync(file.directory)).toEqual(["program"]);
    expect(await putFile(target.shell, file, quiet)).toBe("present");
  });

  test("is put among everything that a login prints", async () => {
    using target = nearTarget({ between: 'echo "Welcome"; printf "no line end"; exec "$@"' });
    const file = fileFor(target);
    expect(await putFile(target.shell, file, quiet)).toBe("placed");
  });

  test.each([
    ["is cut off on its way", 'head -c 100000 | "$@"', undefined, /program was cut off after \d+ bytes/],
    ["is changed on its way", 'tr c C | "$@"', undefined, /program arrived with the SHA-256 [0-9a-f]{64}/],
    ["is changed, and can only be read back", 'tr c C | "$@"', basic, /program arrived with the SHA-256/],
    ["finds nobody who takes it", "exit 7", undefined, /near: it gave no answer \(exit code 7\)/],
    [
      "comes upon an error",
      'echo "No space left" >&2; exec false',
      undefined,
      /\(exit code 1\): No space left/,
    ],
  ])("that %s leaves nothing behind", async (_, between, programs, message) => {
    using target = nearTarget({ between, ...(programs === undefined ? {} : { programs }) });
    const file = fileFor(target);
    await expect(putFile(target.shell, file, quiet)).rejects.toThrow(message);
    expect(existsSync(file.directory) ? readdirSync(file.directory) : []).toEqual([]);
  });

  test("by somebody who is gone before its end leaves nothing behind, though nobody hears of it", async () => {
    using target = nearTarget({ between: 'head -c 100000 | "$@" | head -n 1' });
    const file = fileFor(target);
    await expect(putFile(target.shell, file, quiet)).rejects.toThrow(/near: it gave no answer/);
    expect(readdirSync(file.directory)).toEqual([]);
  });

  test("for which there is no place is refused with the reason", async () => {
    using target = nearTarget();
    const file = fileFor(target);
    const inTheWay = { ...file, directory: `${file.path}/below-a-file` };
    await expect(putFile(target.shell, inTheWay, quiet)).rejects.toThrow(
      /cannot be written \(exit code 1\): .*mkdir/,
    );
  });
});
