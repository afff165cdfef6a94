import { afterEach, beforeEach, expect, test } from "bun:test";
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hardLinksLook } from "../../../../core/sandbox/host/hard-links-below.ts";

let ws: string;
beforeEach(() => {
  ws = mkdtempSync(join(tmpdir(), "hard-links-"));
  mkdirSync(`${ws}/sub`);
  writeFileSync(`${ws}/sub/a`, "");
  linkSync(`${ws}/sub/a`, `${ws}/sub/b`);
});
afterEach(() => rmSync(ws, { recursive: true }));

test("a directory that becomes a file while its files are looked at has none", () => {
  const look = hardLinksLook(ws);
  look.next();
  look.next();
  rmSync(`${ws}/sub`, { recursive: true });
  writeFileSync(`${ws}/sub`, "");
  expect(look.next()).toEqual({ done: true, value: { files: new Map(), unscanned: [] } });
});
