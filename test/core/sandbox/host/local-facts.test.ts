import { afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, chownSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { expandGlob } from "../../../../core/sandbox/host/expand-glob.ts";
import { hardLinksBelow } from "../../../../core/sandbox/host/hard-links-below.ts";
import { localFacts } from "../../../../core/sandbox/host/local-facts.ts";
import type { DenyGlob } from "../../../../core/sandbox/plan/deny-glob.ts";
import { exchanging, prepareExchanging } from "../../../support/exchange.ts";
import { Workspace } from "../plan/workspace.ts";

const facts = localFacts({
  temporaryDirectory: null,
  home: null,
  privatePaths: [],
  mayBeWritten: () => false,
});
let workspace: Workspace;
beforeAll(prepareExchanging, 120_000);
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace[Symbol.dispose]());

function below(base: string, rest: string): DenyGlob {
  return { pattern: `${base}/${rest}`, base, rest };
}

describe("a look at a path", () => {
  test("tells what stands there, without following it", () => {
    const { ws, out } = workspace;
    symlinkSync(out, `${ws}/link`);
    linkSync(`${ws}/a.txt`, `${ws}/b.txt`);
    expect(facts.inspect(ws).stands).toBe("directory");
    expect(facts.inspect(`${ws}/a.txt`)).toMatchObject({ stands: "file", links: 2 });
    expect(facts.inspect(`${ws}/link`)).toMatchObject({ stands: "link", target: out });
  });

  test("tells of what is exchanged meanwhile that it is the one thing or the other", async () => {
    const { ws, out } = workspace;
    symlinkSync(out, `${ws}/link`);
    await using _ = await exchanging(`${ws}/sub`, `${ws}/link`);
    const all = new Set<string>();
    for (let round = 0; round < 3000; round++) all.add(facts.inspect(`${ws}/sub`).stands);
    expect(["directory", "link"]).toEqual(expect.arrayContaining([...all]));
  });

  test("refuses a link whose target is no text: what it seems to say is another place", () => {
    const { ws } = workspace;
    symlinkSync(Buffer.from(`${ws}/\xff`, "latin1"), `${ws}/odd`);
    expect(() => facts.inspect(`${ws}/odd`)).toThrow(
      `\`${ws}/odd\` is a symbolic link to a name that is no UTF-8`,
    );
  });

  test("tells what took a directory's place from it, though it may have its number", async () => {
    const { ws } = workspace;
    const born = () => {
      const fact = facts.inspect(`${ws}/again`);
      return fact.stands === "directory" ? fact.born : undefined;
    };
    mkdirSync(`${ws}/again`);
    const first = born();
    writeFileSync(`${ws}/again/x`, "");
    expect(born()).toBe(first);
    // The clock that files are stamped by has ticked.
    for (let tries = 0; tries < 100 && born() === first; tries++) {
      rmSync(`${ws}/again`, { recursive: true });
      await Bun.sleep(1);
      mkdirSync(`${ws}/again`);
    }
    expect(born()).toBeGreaterThan(first ?? Number.POSITIVE_INFINITY);
  });

  test("tells nothing there where no name can be", () => {
    const { ws } = workspace;
    for (const path of [`${ws}/no`, `${ws}/a.txt/no`, `${ws}/${"x".repeat(300)}`]) {
      expect(facts.inspect(path)).toEqual({ stands: "missing" });
    }
  });
});

describe("the directory that a `.git` file names", () => {
  test.each([
    ["gitdir: /g/x\n", "/g/x"],
    ["gitdir: ../out/g", "/s/out/g"],
    ["gitdir:sub\r\nmore", "/s/ws/sub"],
    ["gitdir: ", null],
    ["nothing", null],
    ["", null],
  ])("%j: %p", (content, named) => {
    const path = workspace.write("s/ws/file", content);
    const expected = named?.startsWith("/s/") ? workspace.base + named : named;
    expect(facts.gitDirectory(path)).toBe(expected);
  });

  test("is refused when its name is no text", () => {
    const { ws } = workspace;
    writeFileSync(`${ws}/odd`, Buffer.from("gitdir: /g/\xff\n", "latin1"));
    expect(() => facts.gitDirectory(`${ws}/odd`)).toThrow(
      `\`${ws}/odd\` names a directory whose name is no UTF-8`,
    );
  });

  test("is none for what is no file, and a pipe is not waited for", () => {
    const { ws } = workspace;
    Bun.spawnSync(["mkfifo", `${ws}/pipe`]);
    expect(facts.gitDirectory(`${ws}/pipe`)).toBeNull();
    expect(facts.gitDirectory(ws)).toBeNull();
    expect(facts.gitDirectory(`${ws}/no`)).toBeNull();
    symlinkSync(workspace.write("s/out/named", "gitdir: /g\n"), `${ws}/to-one`);
    expect(facts.gitDirectory(`${ws}/to-one`)).toBeNull();
  });
});

describe("the search for what matches a glob", () => {
  test("finds hidden names, follows no link, and looks at nothing below a match", () => {
    const { ws, out } = workspace;
    workspace.write("s/ws/.hidden.env");
    workspace.write("s/out/o.env");
    workspace.write("s/ws/sub/inner.env");
    mkdirSync(`${ws}/dir.env`);
    writeFileSync(`${ws}/dir.env/below.env`, "");
    symlinkSync(out, `${ws}/link`);
    const found = facts.expand(below(ws, "**/*.env"), null);
    const names = [".hidden.env", "dir.env", "sub/deep/x.env", "sub/inner.env", "top.env"];
    expect(found.matches.toSorted()).toEqual(names.map((name) => `${ws}/${name}`));
    expect(found.unscanned).toEqual([]);
  });

  test("ends at the depth, and tells what lies below it", () => {
    const { ws } = workspace;
    expect(facts.expand(below(ws, "**/*.env"), 3).unscanned).toEqual([]);
    expect(facts.expand(below(ws, "**/*.env"), 2)).toEqual({
      matches: [`${ws}/top.env`],
      unscanned: [`${ws}/sub/deep`],
    });
    expect(facts.expand(below(ws, "*.env"), 1).unscanned).toEqual([]);
  });

  test("refuses more matches than the limit, and takes as many", () => {
    const many = workspace.make("s/many");
    const file = workspace.write("s/file");
    for (let index = 0; index < 8_192; index++) linkSync(file, `${many}/${index}.env`);
    expect(facts.expand(below(many, "*.env"), null).matches).toHaveLength(8_192);
    linkSync(file, `${many}/last.env`);
    expect(() => facts.expand(below(many, "*.env"), null)).toThrow(
      `unreadable glob expansion for ${many} matched more than 8192 paths`,
    );
  });

  test("ends after so many entries, and tells the directories that are left", () => {
    const base = workspace.make("s/wide");
    for (const name of ["a", "b", "c"]) workspace.write(`s/wide/${name}.env`);
    workspace.write(`${workspace.make("s/wide/z").slice(workspace.base.length + 1)}/d.env`);
    const scanned = (most: number) => {
      const { matches, unscanned } = expandGlob(below(base, "**/*.env"), null, most);
      return [matches.length, unscanned];
    };
    expect(scanned(5)).toEqual([4, []]);
    expect(scanned(4)).toEqual([3, [`${base}/z`]]);
    expect(scanned(0)).toEqual([0, [base]]);
  });

  test("tells a match whose name is no text as not looked at", () => {
    const { ws } = workspace;
    writeFileSync(Buffer.from(`${ws}/\xff.env`, "latin1"), "");
    const found = facts.expand(below(ws, "*.env"), null);
    expect(found).toEqual({ matches: [`${ws}/top.env`], unscanned: [`${ws}/\ufffd.env`] });
  });

  test("looks into directories whose names are no text", () => {
    const { ws } = workspace;
    const directory = Buffer.from(`${ws}/\xff`, "latin1");
    mkdirSync(directory);
    expect(facts.expand(below(ws, "**/*.pem"), null)).toEqual({ matches: [], unscanned: [] });
    writeFileSync(Buffer.concat([directory, Buffer.from("/x.pem")]), "");
    const found = facts.expand(below(ws, "**/*.pem"), null);
    expect(found).toEqual({ matches: [], unscanned: [`${ws}/\ufffd/x.pem`] });
  });

  test("takes the replacement character in a name for what it is", () => {
    const { ws } = workspace;
    mkdirSync(`${ws}/\ufffd`);
    writeFileSync(`${ws}/\ufffd/x.pem`, "");
    const found = facts.expand(below(ws, "**/*.pem"), null);
    expect(found).toEqual({ matches: [`${ws}/\ufffd/x.pem`], unscanned: [] });
  });

  test("finds nothing where nothing is", () => {
    const { ws } = workspace;
    for (const base of [`${ws}/no`, `${ws}/a.txt`]) {
      expect(facts.expand(below(base, "**"), null)).toEqual({ matches: [], unscanned: [] });
    }
  });

  const isRoot = process.geteuid?.() === 0;
  test.skipIf(!isRoot)(
    `tells a closed directory that its owner could open${isRoot ? "" : " (needs root)"}`,
    () => {
      const { ws, base } = workspace;
      const account = 12_345;
      chmodSync(base, 0o755);
      chownSync(`${ws}/priv`, account, account);
      chmodSync(`${ws}/priv`, 0o000);
      chmodSync(`${ws}/sub`, 0o700);
      process.seteuid?.(account);
      try {
        expect(facts.expand(below(ws, "**/*.env"), null)).toEqual({
          matches: [`${ws}/top.env`],
          unscanned: [`${ws}/priv`],
        });
      } finally {
        process.seteuid?.(0);
      }
    },
  );
});

describe("the search for further names", () => {
  test("finds files whose names, or whose directories' names, are no text", () => {
    const { ws } = workspace;
    const odd = Buffer.from(`${ws}/priv/\xff`, "latin1");
    writeFileSync(odd, "");
    linkSync(odd, `${ws}/one`);
    const directory = Buffer.from(`${ws}/priv/\xfe`, "latin1");
    mkdirSync(directory);
    linkSync(`${ws}/a.txt`, Buffer.concat([directory, Buffer.from("/two")]));
    const { files, unscanned } = facts.hardLinks(`${ws}/priv`);
    expect([...files.values()].map(({ names, met }) => [names, met])).toEqual([
      [2, 1],
      [2, 1],
    ]);
    expect(unscanned).toEqual([]);
  });

  test("tells how many names a file has and how many were met", () => {
    const { ws } = workspace;
    linkSync(`${ws}/priv/p.txt`, `${ws}/priv/q.txt`);
    linkSync(`${ws}/priv/p.txt`, `${ws}/outside`);
    mkdirSync(`${ws}/priv/inner`);
    linkSync(`${ws}/a.txt`, `${ws}/priv/inner/a`);
    const { files, unscanned } = facts.hardLinks(`${ws}/priv`);
    const counts = [...files.values()]
      .map(({ names, met }) => ({ names, met }))
      .sort((one, other) => one.names - other.names);
    expect(counts).toEqual([
      { names: 2, met: 1 },
      { names: 3, met: 2 },
    ]);
    expect(unscanned).toEqual([]);
  });

  test("ends after so many entries, and tells the directories that are left", () => {
    const { ws } = workspace;
    const unscanned = (most: number) => hardLinksBelow(`${ws}/sub`, most).unscanned;
    expect(unscanned(2)).toEqual([]);
    expect(unscanned(1)).toEqual([`${ws}/sub/deep`]);
    expect(unscanned(0)).toEqual([`${ws}/sub`]);
  });
});
