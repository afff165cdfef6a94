import { root } from "../root.ts";
import { buildBubblewrap, machines } from "./build.ts";

// Run by hand after a change of the sources, the flags or Zig: builds the bundled bubblewrap anew and pins it.
const folder = `${root}/core/sandbox/bubblewrap/bundled`;
await buildBubblewrap(folder);

const pinned = `${root}/core/sandbox/host/bundled-digests.ts`;
let text = await Bun.file(pinned).text();
for (const machine of machines) {
  const program = await Bun.file(`${folder}/bwrap-${machine}`).bytes();
  const digest = new Bun.CryptoHasher("sha256").update(program).digest("hex");
  text = text.replace(new RegExp(`(  ${machine}: )"[0-9a-f]*"`), `$1"${digest}"`);
  console.log(`${digest}  bwrap-${machine}`);
}
await Bun.write(pinned, text);
