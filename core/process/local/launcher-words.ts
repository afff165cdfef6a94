import { limits } from "../../limits.ts";
import type { OutputSource } from "../spawned-process.ts";

/** What a launcher says on its stderr, as much of it as anybody reads; its end is the launcher's. Never rejects. */
export async function launcherWords(complaints: Pick<OutputSource, "read"> | undefined): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (let chunk = await complaints?.read(); chunk; chunk = await complaints?.read()) {
    if (bytes < limits.launcherWordsBytes) chunks.push(chunk);
    bytes += chunk.length;
  }
  const words = Buffer.concat(chunks).subarray(0, limits.launcherWordsBytes).toString().trim();
  return words.replace(/^bwrap: /, "");
}
