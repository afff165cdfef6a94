import { describe, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { EnvironmentConfigError } from "../../../../core/environment/config/config-error.ts";
import { limits } from "../../../../core/limits.ts";
import { homeFixture } from "./home-fixture.ts";

const fixture = homeFixture();
const { load, write } = fixture;

describe("a file that is no good is refused at once:", () => {
  const refused = (reason: string | RegExp) => expect(() => load()).toThrow(reason);

  test("10 MB", () => {
    write("#".repeat(10 * 1024 * 1024));
    refused(`it has 10485760 bytes, and ${limits.environmentsFileBytes} are the most`);
  });

  test("one byte more than is allowed; as many as that are taken", () => {
    write("#".repeat(limits.environmentsFileBytes + 1));
    refused("are the most");
    write("#".repeat(limits.environmentsFileBytes));
    expect(load().defaultId).toBe("local");
  });

  test("a directory, a FIFO, a device, a link that leads nowhere", () => {
    const path = join(fixture.home, "environments.toml");
    mkdirSync(path);
    refused("not a regular file");
    rmSync(path, { recursive: true });
    execFileSync("mkfifo", [path]);
    refused("not a regular file");
    rmSync(path);
    symlinkSync("/dev/zero", path);
    refused("not a regular file");
    rmSync(path);
    symlinkSync("nowhere", path);
    refused("No such file or directory (os error 2)");
  });

  test("bytes that are not UTF-8, with their line", () => {
    write(Buffer.concat([Buffer.from('# fine\ndefault = "'), Buffer.from([0xff])]));
    refused("stream did not contain valid UTF-8 (line 2, column 12 of environments.toml)");
  });

  const size = limits.environmentsFileBytes - 100;
  test.each([
    ["brackets", `a = ${"[".repeat(size)}`],
    ["tables", `a = ${"{a=".repeat(size / 3)}`],
    ["a long key", `${"a.".repeat(size / 2)}a = 1`],
    ["a long header", `[${"a.".repeat(size / 2)}a]`],
    ["a long name", `${"a".repeat(size)} = 1`],
    ["a long string", `default = "${"a".repeat(size)}"`],
    ["many names", Array.from({ length: size / 12 }, (_, index) => `k${index} = 1`).join("\n")],
    ["many entries without an id", "[[environments]]\n".repeat(size / 17)],
    ["many entries of one id", '[[environments]]\nid="a"\nurl="ws://x"\n'.repeat(size / 40)],
    ["many items", `[[environments]]\nid="a"\nargs=[${"'',".repeat(size / 4)}1]`],
    ["escapes", `default = "${"\\\\".repeat(size / 2)}`],
    ["digits", `default = ${"1".repeat(size)}`],
    ["quotes", `default = """${'""\\"'.repeat(size / 4)}`],
    ["names of objects", "__proto__ = 1\nconstructor = 2\n"],
  ])("%s", (_what, text) => {
    write(text);
    const before = performance.now();
    expect(() => load()).toThrow(EnvironmentConfigError);
    expect(performance.now() - before).toBeLessThan(3_000);
    expect(() => load()).toThrow(/^[\s\S]{1,40000}$/);
  });
});
