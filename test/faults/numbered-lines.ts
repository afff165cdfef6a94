/**
 * What the children of these tests print: lines of 16 bytes, `%015d\n`, counted from 0. Every byte's place is known
 * from the line it stands in, so a loss, a repeat and a swap all show.
 */
export const lineBytes = 16;

/** A shell script that prints so many lines on stdout and as many on stderr, with a short pause every `burst`. */
export function numberedLinesScript(lines: number, burst: number): string {
  const block = (at: string) => `seq -f %015.0f $((${at})) $((${at}+${burst}-1))`;
  return `i=0; while [ $i -lt ${lines} ]; do ${block("i")}; ${block("i")} >&2; i=$((i+${burst})); sleep 0.002; done`;
}

function expectedAt(offset: number, length: number): Buffer {
  const first = Math.floor(offset / lineBytes);
  const last = Math.ceil((offset + length) / lineBytes);
  const lines = Array.from({ length: last - first }, (_, i) => String(first + i).padStart(15, "0"));
  const skipped = offset - first * lineBytes;
  return Buffer.from(`${lines.join("\n")}\n`).subarray(skipped, skipped + length);
}

/** Where a chunk that should stand at `offset` of the stream first differs, as a sentence; undefined when it is right. */
export function checkLines(chunk: Buffer, offset: number): string | undefined {
  const expected = expectedAt(offset, chunk.length);
  if (chunk.equals(expected)) return undefined;
  const at = chunk.findIndex((byte, i) => byte !== expected[i]);
  const seen = chunk.subarray(at, at + 40).toString("latin1");
  const wanted = expected.subarray(at, at + 40).toString("latin1");
  return `byte ${offset + at} is ${JSON.stringify(seen)} where ${JSON.stringify(wanted)} was due`;
}
