import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { ScopeFixture } from "./scope-fixture.ts";

const size = 600 * 1024;
const scopePath = new URL("../../../core/filesystem/scope/filesystem-scope.ts", import.meta.url).pathname;
const localPath = new URL("../../../core/filesystem/local/local-file-system.ts", import.meta.url).pathname;
const methodsPath = new URL("../../../core/protocol/methods.ts", import.meta.url).pathname;

/** Writes the file over and over, each time full of another digit, until it is killed. */
const writer = (uri: string) => `
  import { FilesystemScope } from ${JSON.stringify(scopePath)};
  import { decodeParams } from ${JSON.stringify(methodsPath)};
  const scope = new FilesystemScope({ notify() {} });
  for (let turn = 0; ; turn++) {
    const dataBase64 = Buffer.alloc(${size}, String(turn % 10)).toString("base64");
    await scope.handle("fs/writeFile", decodeParams("fs/writeFile", { path: ${JSON.stringify(uri)}, dataBase64 }));
    if (turn === 3) console.log("writing");
  }`;

function isWhole(content: Buffer): boolean {
  return content.byteLength === size && content.every((byte) => byte === content[0]);
}

test("a file that is being written is whole for every reader, also after the writer was killed", async () => {
  await using fixture = new ScopeFixture();
  const child = Bun.spawn([process.execPath, "-e", writer(fixture.uri("f"))], {
    stdout: "pipe",
    stderr: "inherit",
  });
  try {
    await child.stdout.getReader().read();
    for (let look = 0; look < 200; look++) expect(isWhole(readFileSync(fixture.path("f")))).toBe(true);
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
  expect(isWhole(readFileSync(fixture.path("f")))).toBe(true);
});

test("a server that exits in the middle of a large write leaves the old file and no temporary one", async () => {
  await using fixture = new ScopeFixture();
  writeFileSync(fixture.path("f"), "old");
  const program = `
    import { LocalFileSystem } from ${JSON.stringify(localPath)};
    import { readdirSync } from "node:fs";
    const written = new LocalFileSystem().writeFile(${JSON.stringify(fixture.path("f"))}, Buffer.alloc(40_000_000));
    console.log(written instanceof Promise, readdirSync(${JSON.stringify(fixture.directory)}).length);
    process.exit(0);`;
  const child = Bun.spawnSync([process.execPath, "-e", program], { stderr: "inherit" });
  expect(child.stdout.toString()).toBe("true 2\n");
  expect(fixture.names()).toEqual(["f"]);
  expect(fixture.content("f")).toBe("old");
});
