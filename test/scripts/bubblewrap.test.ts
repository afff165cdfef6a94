import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundledDigests } from "../../core/sandbox/host/bundled-digests.ts";
import { buildBubblewrap, machines } from "../../scripts/bubblewrap/build.ts";
import { root } from "../../scripts/root.ts";

async function digestOf(path: string): Promise<string> {
  return new Bun.CryptoHasher("sha256").update(await Bun.file(path).bytes()).digest("hex");
}

test.each([...machines])(
  "the bundled bubblewrap for %s has the digest that the program expects",
  async (machine) => {
    expect(await digestOf(`${root}/core/sandbox/bubblewrap/bundled/bwrap-${machine}`)).toBe(
      bundledDigests[machine],
    );
  },
);

test("bubblewrap, built anew from Debian's sources, has the digests that the program expects", async () => {
  const folder = mkdtempSync(join(tmpdir(), "codex-env-test-"));
  try {
    await buildBubblewrap(folder);
    for (const machine of machines) {
      expect(await digestOf(`${folder}/bwrap-${machine}`)).toBe(bundledDigests[machine]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 400_000);
