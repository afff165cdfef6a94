import { afterEach, beforeAll, beforeEach, describe, expect, spyOn, test } from "bun:test";
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { Exchanged, whileExchanged } from "../../../../core/filesystem/sandboxed/exchanged.ts";
import { Judge } from "../../../../core/filesystem/sandboxed/judge.ts";
import { limits } from "../../../../core/limits.ts";
import { exchanging, prepareExchanging } from "../../../support/exchange.ts";
import { Workspace } from "../../sandbox/plan/workspace.ts";
import { judgedOver, said } from "./judged-fixture.ts";
import { rootsWrite } from "./sandboxed-scope.ts";

const rounds = 300;

let workspace: Workspace;
beforeAll(prepareExchanging, 120_000);
beforeEach(() => {
  workspace = new Workspace();
  mkdirSync(at("directory"));
  writeFileSync(at("directory/f"), "directory's");
  writeFileSync(at("file"), "file's");
  mkdirSync(at("target"));
  writeFileSync(at("target/f"), "link's");
  symlinkSync("target", at("link"));
  symlinkSync("target/f", at("link-to-file"));
});
afterEach(() => workspace[Symbol.dispose]());
const at = (name: string) => `${workspace.ws}/${name}`;
const files = () => judgedOver(workspace.ws, [rootsWrite]);

/** Everything that is said while two names are exchanged. */
async function heard(one: string, other: string, act: () => Promise<string>): Promise<readonly string[]> {
  await using _ = await exchanging(at(one), at(other));
  const all = new Set<string>();
  for (let round = 0; round < rounds; round++) all.add(await act());
  return [...all];
}

/** Where it is exchanged in step with every look, however often that is begun again. */
const busy = "-32603 Resource temporarily unavailable (os error 11)";

/** Does something at the very moment between the look that finds a link and the one at where it leads. */
function beforeLinkIsRead(act: () => void): Disposable {
  const real = Judge.prototype.requireLink;
  const spy = spyOn(Judge.prototype, "requireLink").mockImplementationOnce(function (this: Judge, path) {
    act();
    real.call(this, path);
  });
  return { [Symbol.dispose]: () => spy.mockRestore() };
}

describe("what others exchange for something else", () => {
  test("after it was seen to be a link is read as what it is then, on the way and at the end", async () => {
    for (const [link, other, path] of [
      ["link", "directory", "link/f"],
      ["link-to-file", "file", "link-to-file"],
    ] as const) {
      using _ = beforeLinkIsRead(() => {
        renameSync(at(link), at("aside"));
        renameSync(at(other), at(link));
      });
      expect(await said(() => files().readFile(at(path)))).toBe(`${other}'s`);
      renameSync(at("aside"), at(other));
    }
  });

  test("on the way is a directory to a read, or a link", async () => {
    const all = await heard("directory", "link", () => said(() => files().readFile(at("directory/f"))));
    expect(["directory's", "link's", busy]).toEqual(expect.arrayContaining([...all]));
  });

  test("at the end is a file to a read, or a link", async () => {
    const all = await heard("file", "link-to-file", () => said(() => files().readFile(at("file"))));
    expect(["file's", "link's", busy]).toEqual(expect.arrayContaining([...all]));
  });

  test("is a directory that is listed, or a link to one", async () => {
    const list = async () => {
      const listed = await files().readDirectory(at("directory"));
      return Buffer.from(listed.map(({ fileName }) => fileName).join());
    };
    const all = await heard("directory", "link", () => said(list));
    expect(["f", busy]).toEqual(expect.arrayContaining([...all]));
  });

  test("is a directory or a link to a look, to its real path, and to a request that follows none", async () => {
    const none = { followSymlinks: false } as const;
    const metadata = await heard("directory", "link", () =>
      said(async () => void (await files().getMetadata(at("directory/f")))),
    );
    const realPath = async () => Buffer.from(String(await files().canonicalize(at("directory/f"))));
    const real = await heard("directory", "link", () => said(realPath));
    const unfollowed = await heard("directory", "link", () =>
      said(() => files().readFile(at("directory/f"), none)),
    );
    expect(["ok", busy]).toEqual(expect.arrayContaining([...metadata]));
    expect([at("directory/f"), at("target/f"), busy]).toEqual(expect.arrayContaining([...real]));
    const linked = "-32603 Not a directory (os error 20)";
    expect(["directory's", linked, busy]).toEqual(expect.arrayContaining([...unfollowed]));
  });

  test("is waited for no longer than a bounded number of looks", () => {
    let looks = 0;
    const look = () => {
      looks++;
      throw new Exchanged();
    };
    expect(() => whileExchanged(look)).toThrow("Resource temporarily unavailable (os error 11)");
    expect(looks).toBe(limits.fsExchanges);
  });
});
