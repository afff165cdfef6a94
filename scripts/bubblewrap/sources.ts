import { $ } from "bun";
import { root } from "../root.ts";

/** Debian's source packages as they were published; the `.dsc` beside them is signed and lists their checksums. */
const sources = `${root}/core/sandbox/bubblewrap/bundled/sources`;

const packages = [
  { name: "bubblewrap-0.8.0", original: "bubblewrap_0.8.0.orig", debian: "bubblewrap_0.8.0-2+deb12u1" },
  { name: "libcap-2.66", original: "libcap2_2.66.orig", debian: "libcap2_2.66-4+deb12u3" },
] as const;

/** Lays the sources out in `folder`, which has to be empty, with Debian's patches applied. */
export async function unpackSources(folder: string): Promise<void> {
  for (const { name, original, debian } of packages) {
    const inside = `${folder}/${name}`;
    await checkDigests(debian);
    await $`tar -xJf ${sources}/${original}.tar.xz -C ${folder}`;
    await $`tar -xJf ${sources}/${debian}.debian.tar.xz -C ${inside}`;
    const series = await Bun.file(`${inside}/debian/patches/series`).text();
    for (const patch of series.split("\n").filter((line) => line !== "")) {
      // Above the folder may be a repository, which git would apply the patch to.
      const env = { ...process.env, GIT_CEILING_DIRECTORIES: folder };
      await $`git apply ${`debian/patches/${patch}`}`.cwd(inside).env(env);
    }
  }
}

/** Every archive that the `.dsc` lists has the SHA-256 that stands there. */
async function checkDigests(debian: string): Promise<void> {
  const description = await Bun.file(`${sources}/${debian}.dsc`).text();
  const [, list = ""] = /^Checksums-Sha256:\n((?: .*\n)+)/m.exec(description) ?? [];
  for (const [, digest, name] of list.matchAll(/^ ([0-9a-f]{64}) \d+ (\S+)$/gm)) {
    if (!(await Bun.file(`${sources}/${name}`).exists())) continue;
    const found = new Bun.CryptoHasher("sha256").update(await Bun.file(`${sources}/${name}`).bytes());
    if (found.digest("hex") !== digest) throw new Error(`${name} is not what ${debian}.dsc lists`);
  }
}
