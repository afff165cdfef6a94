import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executableKind } from "../../../../core/environment/install/examine-executable.ts";
import { localServerBinary } from "../../../../core/environment/install/local-server-binary.ts";
import { elfFile } from "./elf-file.ts";

const x64 = elfFile(62, "/lib64/ld-linux-x86-64.so.2");
const armMusl = elfFile(183, "/lib/ld-musl-aarch64.so.1");
const platform = { machine: "arm64", libc: "musl" } as const;

let release = "";
beforeEach(() => {
  release = mkdtempSync(join(tmpdir(), "codex-env-release-"));
  mkdirSync(join(release, "codex-resources"));
  writeFileSync(join(release, "codex-env"), x64);
  writeFileSync(join(release, "codex-env-linux-arm64-musl"), armMusl);
  writeFileSync(join(release, "codex-resources/bwrap"), elfFile(62, null));
  writeFileSync(join(release, "codex-resources/bwrap-arm64"), elfFile(183, null));
  listSum(armMusl);
});
afterEach(() => rmSync(release, { recursive: true }));

function sum(content: Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(content).digest("hex");
}

function listSum(content: Uint8Array): void {
  const lines = [`${"0".repeat(64)}  codex-env-linux-arm64`, `${sum(content)}  codex-env-linux-arm64-musl`];
  writeFileSync(join(release, "SHA256SUMS"), `${lines.join("\n")}\n`);
}

test.each([
  [62, "/lib64/ld-linux-x86-64.so.2", { machine: "x64", libc: "glibc" }],
  [183, "/lib/ld-musl-aarch64.so.1", { machine: "arm64", libc: "musl" }],
  [62, null, { machine: "x64", libc: null }],
  [8, null, undefined],
] as const)("an ELF file for machine %d with the loader %p is for %p", (machine, loader, kind) => {
  expect(executableKind(elfFile(machine, loader))).toEqual(kind);
});

describe("the codex-env to send", () => {
  const own = () => join(release, "codex-env");

  test("is the running one where it fits, with the bubblewrap of its machine", async () => {
    const fitting = { machine: "x64", libc: "glibc" } as const;
    expect(await localServerBinary({ platform: fitting, own: own() })).toEqual({
      path: own(),
      size: x64.length,
      sha256: sum(x64),
      bubblewrap: expect.objectContaining({ path: join(release, "codex-resources/bwrap") }),
    });
  });

  test("is else the one of the release directory, as SHA256SUMS lists it", async () => {
    expect(await localServerBinary({ platform, own: own() })).toEqual({
      path: join(release, "codex-env-linux-arm64-musl"),
      size: armMusl.length,
      sha256: sum(armMusl),
      bubblewrap: expect.objectContaining({ path: join(release, "codex-resources/bwrap-arm64") }),
    });
  });

  test("is refused where it is not what SHA256SUMS lists, or is not listed", async () => {
    listSum(x64);
    await expect(localServerBinary({ platform, own: own() })).rejects.toThrow(
      /has the SHA-256 .*, and SHA256SUMS says/,
    );
    rmSync(join(release, "SHA256SUMS"));
    await expect(localServerBinary({ platform, own: own() })).rejects.toThrow(
      /SHA256SUMS says nothing of it/,
    );
  });

  test("is asked for where nothing fits", async () => {
    rmSync(join(release, "codex-env-linux-arm64-musl"));
    await expect(localServerBinary({ platform, own: own() })).rejects.toThrow(
      /build it with scripts\/build --all/,
    );
    await expect(localServerBinary({ platform })).rejects.toThrow(/say with --binary FILE where it is/);
  });

  test("may be given, and has to fit", async () => {
    const given = join(release, "codex-env-linux-arm64-musl");
    expect(await localServerBinary({ platform, own: own(), given })).toMatchObject({ path: given });
    await expect(localServerBinary({ platform, given: own() })).rejects.toThrow(
      /is linux-x64, and linux-arm64-musl is needed/,
    );
    await expect(localServerBinary({ platform, given: "/no/such" })).rejects.toThrow(
      "/no/such cannot be read (ENOENT)",
    );
  });
});
