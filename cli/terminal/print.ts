/**
 * Texts up to this go out by way of Bun.write, since node:fs takes a millisecond to load. Longer ones must not, UTF-16
 * units: it makes room for them at the beginning of the file, which is a gap of zeros where others have written.
 */
const shortText = 4_096;

/** Adds a result to stdout, behind what is there by now. */
export async function printResult(text: string): Promise<void> {
  await print(1, text);
}

/** The same for what is told beside the result, on stderr. */
export async function printNotice(text: string): Promise<void> {
  await print(2, text);
}

async function print(descriptor: 1 | 2, text: string): Promise<void> {
  // Bun.write of nothing empties the file, with all that was in it before us.
  if (text === "") return;
  if (text.length <= shortText) {
    await Bun.write(descriptor === 1 ? Bun.stdout : Bun.stderr, text);
    return;
  }
  const { writeOut } = await import("./output.ts");
  await writeOut(descriptor, new TextEncoder().encode(text));
}
