import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { limits } from "../../../core/limits.ts";
import { BatchedOutput } from "../../../core/process/batched-output.ts";
import { HeldSource, settled } from "./held-process.ts";

async function readAll(output: BatchedOutput): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for (let pieces = await output.read(); pieces !== null; pieces = await output.read()) {
    chunks.push(Buffer.concat(pieces));
  }
  return chunks;
}

describe("BatchedOutput", () => {
  test("hands on every byte in order, and no batch exceeds a chunk, however the pieces come", async () => {
    const size = fc.oneof(
      fc.integer({ min: 1, max: 5000 }),
      fc.constant(4096),
      fc.constant(limits.outputChunkBytes),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(size, fc.boolean()), { maxLength: 60, size: "max" }),
        async (pieces) => {
          const source = new HeldSource("stdout");
          const reading = readAll(new BatchedOutput(source));
          let filling = 0;
          const said: Uint8Array[] = [];
          for (const [length, pause] of pieces) {
            filling = (filling + 1) & 0xff;
            const bytes = new Uint8Array(length).fill(filling);
            said.push(bytes);
            source.say(bytes);
            if (pause) await settled();
          }
          source.end();
          const read = await reading;
          expect(Math.max(0, ...read.map((batch) => batch.length))).toBeLessThanOrEqual(
            limits.outputChunkBytes,
          );
          expect(Buffer.compare(Buffer.concat(read), Buffer.concat(said))).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("what streams is joined, and the first piece after a silence is not kept waiting", async () => {
    const source = new HeldSource("pty");
    const output = new BatchedOutput(source);
    for (let n = 0; n < 20; n++) source.say(new Uint8Array(1000));
    expect((await output.read())?.length).toBe(1);
    expect((await output.read())?.length).toBe(19);
    expect(output.waiting).toBe(true);
  });

  test("an end that comes while pieces are joined follows them", async () => {
    const source = new HeldSource("stdout");
    const output = new BatchedOutput(source);
    for (const text of ["a", "b", "c"]) source.say(text);
    source.end();
    const read = await readAll(output);
    expect(Buffer.concat(read).toString()).toBe("abc");
  });
});
