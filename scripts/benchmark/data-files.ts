import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";

/** Files that the workloads read, in memory so that no disk is measured. */
const directory = "/dev/shm/codex-env-bench";
mkdirSync(directory, { recursive: true });

export const dataPath = (name: string): string => `${directory}/${name}`;

/** A file of so many bytes that do not repeat (xorshift), made once. */
export function patternFile(bytes: number): { readonly path: string; readonly data: Buffer } {
  const path = dataPath(`pattern-${bytes}`);
  if (!existsSync(path) || statSync(path).size !== bytes) {
    const words = new Uint32Array(bytes >> 2);
    let state = 0x12345678;
    for (let i = 0; i < words.length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[i] = state;
    }
    writeFileSync(path, Buffer.from(words.buffer));
  }
  return { path, data: readFileSync(path) };
}

/** 10,000 empty files, made once: in a hundred directories, or in one. */
export function tenThousandFiles(): { readonly deep: string; readonly flat: string } {
  const deep = dataPath("d10k");
  const flat = dataPath("f10k");
  if (!existsSync(`${flat}/.done`)) {
    for (let i = 0; i < 100; i++) {
      mkdirSync(`${deep}/s${i}`, { recursive: true });
      for (let k = 0; k < 99; k++) writeFileSync(`${deep}/s${i}/file-${k}.txt`, "");
    }
    mkdirSync(flat, { recursive: true });
    for (let i = 0; i < 9999; i++) writeFileSync(`${flat}/file-with-a-name-${i}.txt`, "");
    writeFileSync(`${flat}/.done`, "");
  }
  return { deep, flat };
}
