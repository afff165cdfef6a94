import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ExitCode } from "../../../cli/exit-codes.ts";
import { CuttingProxy } from "../../support/cutting-proxy.ts";
import { type CliRun, ourCli } from "../../support/our-cli.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { until } from "../../support/wait.ts";
import { CopyPlaces } from "./copy-places.ts";

let server: TestServer;
let places: CopyPlaces;
let here: string;
let there: string;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => await server[Symbol.asyncDispose]());
beforeEach(() => {
  places = new CopyPlaces();
  ({ here, there } = places);
});
afterEach(() => places[Symbol.dispose]());

const cp = (words: readonly string[], url = server.url): Promise<CliRun> => places.cp(url, words);

/** Bytes that no block boundary and no encoding forgives. */
function someBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

/** Nothing of what a copy writes on its way is left. */
function expectClean(...directories: string[]): void {
  for (const directory of directories) {
    expect(readdirSync(directory).filter((name) => name.includes(".codex-env-"))).toEqual([]);
  }
}

const MiB = 1024 * 1024;

describe.each([0, 1, MiB - 1, MiB, MiB + 1, 5 * MiB + 17])("a file of %i bytes", (size) => {
  test("arrives whole in the environment and back", async () => {
    const bytes = someBytes(size);
    writeFileSync(join(here, "a"), bytes);
    expect(await cp(["a", `env:${there}/b`])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(join(there, "b")).equals(bytes)).toBe(true);
    expect(await cp([`env:${there}/b`, "c"])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(join(here, "c")).equals(bytes)).toBe(true);
    expectClean(here, there);
  });
});

describe("the destination", () => {
  test("may be a directory, on either side", async () => {
    writeFileSync(join(here, "a"), "x");
    await cp(["a", `env:${there}`]);
    expect(readFileSync(join(there, "a"), "utf8")).toBe("x");
    rmSync(join(here, "a"));
    await cp([`env:${there}/a`, "."]);
    expect(readFileSync(join(here, "a"), "utf8")).toBe("x");
  });

  test("gets the permission bits of a new file, and keeps those of an old one", async () => {
    writeFileSync(join(here, "tool"), "#!/bin/sh\n");
    chmodSync(join(here, "tool"), 0o755);
    await cp(["tool", `env:${there}/tool`]);
    expect(statSync(join(there, "tool")).mode & 0o777).toBe(0o755);
    chmodSync(join(there, "tool"), 0o600);
    await cp(["tool", `env:${there}/tool`]);
    expect(statSync(join(there, "tool")).mode & 0o777).toBe(0o600);
    chmodSync(join(here, "tool"), 0o640);
    await cp([`env:${there}/tool`, "tool"]);
    expect(statSync(join(here, "tool")).mode & 0o777).toBe(0o640);
  });

  test("that is a link stays one, and its target gets the content", async () => {
    const bytes = someBytes(2 * MiB);
    writeFileSync(join(here, "a"), bytes);
    for (const [side, words] of [
      [there, ["a", `env:${there}/link`]],
      [here, [`env:${there}/target`, "link"]],
    ] as const) {
      writeFileSync(join(side, "target"), side === here ? "old" : "");
      symlinkSync("target", join(side, "link"));
      expect((await cp(words)).code).toBe(0);
      expect(readlinkSync(join(side, "link"))).toBe("target");
      expect(readFileSync(join(side, "target")).equals(bytes)).toBe(true);
    }
  });

  test("with a second name keeps it", async () => {
    writeFileSync(join(here, "a"), someBytes(2 * MiB));
    writeFileSync(join(there, "one"), "old");
    linkSync(join(there, "one"), join(there, "two"));
    await cp(["a", `env:${there}/one`]);
    expect(statSync(join(there, "two")).size).toBe(2 * MiB);
  });

  test("stays as it was when the copy cannot be made", async () => {
    writeFileSync(join(here, "old"), "old");
    const missing = await cp([`env:${there}/nothing`, "old"]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("No such file or directory");
    expect(readFileSync(join(here, "old"), "utf8")).toBe("old");
    expect((await cp(["old", `env:${there}/no/such/place`])).code).toBe(1);
    expect(readdirSync(there)).toEqual([]);
    expectClean(here, there);
  });
});

describe("a directory", () => {
  function makeTree(root: string): void {
    mkdirSync(join(root, "tree/deep/er"), { recursive: true });
    writeFileSync(join(root, "tree/a"), "a");
    writeFileSync(join(root, "tree/deep/b c"), "b");
    writeFileSync(join(root, "tree/deep/er/é"), "e");
    symlinkSync("a", join(root, "tree/link"));
    symlinkSync("..", join(root, "tree/deep/up"));
  }
  const content = (root: string) =>
    ["a", "deep/b c", "deep/er/é", "link"].map((name) => readFileSync(join(root, name), "utf8"));

  test("is copied with -r, files behind links as files, links to directories told and left out", async () => {
    makeTree(here);
    const put = await cp(["-r", "tree", `env:${there}`]);
    expect(content(join(there, "tree"))).toEqual(["a", "b", "e", "a"]);
    expect(put.code).toBe(1);
    expect(put.stderr).toContain("deep/up");
    rmSync(join(here, "tree"), { recursive: true });
    symlinkSync("..", join(there, "tree/deep/up"));
    const get = await cp(["-r", `env:${there}/tree`, "tree"]);
    expect(content(join(here, "tree"))).toEqual(["a", "b", "e", "a"]);
    expect(get.stderr).toContain("deep/up");
    expect(existsSync(join(here, "tree/deep/up"))).toBe(false);
  });

  test("is refused without -r", async () => {
    makeTree(here);
    const run = await cp(["tree", `env:${there}`]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("-r copies directories");
  });

  test("goes on after a file that fails", async () => {
    makeTree(there);
    rmSync(join(there, "tree/deep/up"));
    mkdirSync(join(here, "tree/a"), { recursive: true });
    const run = await cp(["-r", `env:${there}/tree`, "."]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`env:${there}/tree/a to ${here}/tree/a: `);
    expect(readFileSync(join(here, "tree/deep/b c"), "utf8")).toBe("b");
  });
});

test("what the environment refuses is told with the path that it refuses", async () => {
  const fetched = await cp([`env:${there}/absent`, "x"]);
  expect(fetched.stderr).toBe(
    `codex-env cp: env:${there}/absent to ${here}/x: No such file or directory (os error 2)\n`,
  );
  expect(fetched.code).toBe(1);
  writeFileSync(join(here, "sent"), "x");
  const sent = await cp(["sent", `env:${there}/no/x`]);
  expect(sent.stderr).toBe(
    `codex-env cp: ${here}/sent to env:${there}/no/x: No such file or directory (os error 2)\n`,
  );
});

test("a file that is not here is told once, in the words of the other side", async () => {
  const run = await cp(["absent", `env:${there}/x`]);
  expect(run.stderr).toBe(
    `codex-env cp: ${here}/absent to env:${there}/x: No such file or directory (os error 2)\n`,
  );
  expect(run.code).toBe(1);
});

test("a link to nothing is told with where it leads, alone and in a directory", async () => {
  symlinkSync("gone", join(here, "link"));
  const alone = await cp(["link", `env:${there}/x`]);
  expect(alone.stderr).toBe(
    `codex-env cp: ${here}/link to env:${there}/x: it is a link to gone, which is not there\n`,
  );
  expect(alone.code).toBe(1);
  mkdirSync(join(here, "tree"));
  symlinkSync("../gone", join(here, "tree/link"));
  const within = await cp(["-r", "tree", `env:${there}`]);
  expect(within.stderr).toBe(
    `codex-env cp: ${here}/tree/link to env:${there}/tree/link: it is a link to ../gone, which is not there\n`,
  );
  expect(within.code).toBe(1);
});

test("a link to nothing in the environment is told as one", async () => {
  symlinkSync("gone", join(there, "link"));
  symlinkSync(there, join(there, "way"));
  for (const path of [`${there}/link`, `${there}/way/link`]) {
    const run = await cp([`env:${path}`, "x"]);
    expect(run.stderr).toBe(
      `codex-env cp: env:${path} to ${here}/x: it is a link to something that is not there\n`,
    );
    expect(run.code).toBe(1);
  }
  const missing = await cp([`env:${there}/way/missing`, "x"]);
  expect(missing.stderr).toContain("No such file or directory");
});

test("a local directory that is not there is told once, with the path that was given", async () => {
  writeFileSync(join(there, "a"), "x");
  const run = await cp([`env:${there}/a`, "absent/x"]);
  expect(run.stderr).toBe(
    `codex-env cp: env:${there}/a to ${here}/absent/x: No such file or directory (os error 2)\n`,
  );
  expect(run.code).toBe(1);
});

test.each([[["-", "env:/tmp/x"]], [["env:/tmp/x", "-"]]])(
  "%p is refused with what does it",
  async (words) => {
    const run = await cp(words);
    expect(run.stderr).toContain("codex-env exec -- cat PATH");
    expect(run.code).toBe(ExitCode.usage);
  },
);

test("within the environment it is copied there", async () => {
  writeFileSync(join(there, "a"), "x");
  expect((await cp([`env:${there}/a`, `env:${there}/b`])).code).toBe(0);
  expect(readFileSync(join(there, "b"), "utf8")).toBe("x");
});

test("a path without env: on either side is bad usage", async () => {
  expect((await cp(["a", "b"])).code).toBe(ExitCode.usage);
});

test.each(["put", "get"])(
  "a %s that is interrupted leaves no trace, even when the link is down",
  async (way) => {
    const { hostname, port } = new URL(server.url);
    using proxy = new CuttingProxy({ host: hostname, port: Number(port) });
    writeFileSync(join(way === "put" ? here : there, "big"), new Uint8Array(64 * MiB));
    const words = way === "put" ? ["big", `env:${there}/x`] : [`env:${there}/big`, "x"];
    const target = way === "put" ? there : here;
    writeFileSync(join(target, "x"), "old");
    for (const linkIsDown of [false, true]) {
      proxy.stall(false);
      const child = Bun.spawn(ourCli(["cp", "--url", proxy.url, ...words]), {
        cwd: here,
        stderr: "pipe",
        stdin: "ignore",
      });
      expect(await until(() => readdirSync(target).some((name) => name.includes(".codex-env-")), 3_000)).toBe(
        true,
      );
      proxy.refuse(linkIsDown);
      if (linkIsDown) proxy.cutAll();
      await Bun.sleep(20);
      child.kill("SIGINT");
      expect(await child.exited).toBe(130);
      expect(readFileSync(join(target, "x"), "utf8")).toBe("old");
      if (!linkIsDown || way === "get") expectClean(target);
    }
  },
  15_000,
);

test("a copy over a link that is cut arrives whole, both ways", async () => {
  const bytes = someBytes(9 * MiB);
  writeFileSync(join(here, "a"), bytes);
  const { hostname, port } = new URL(server.url);
  const place = { host: hostname, port: Number(port) };
  {
    using proxy = new CuttingProxy({
      ...place,
      harm: (connection) => (connection < 2 ? { kind: "cut upload", afterBytes: 5 * MiB } : { kind: "none" }),
    });
    expect((await cp(["a", `env:${there}/b`], proxy.url)).code).toBe(0);
    expect(readFileSync(join(there, "b")).equals(bytes)).toBe(true);
  }
  using proxy = new CuttingProxy({
    ...place,
    harm: (connection) => (connection < 3 ? { kind: "cut", afterBytes: 4 * MiB } : { kind: "none" }),
  });
  const run = await cp([`env:${there}/b`, "c"], proxy.url);
  expect(run.code).toBe(0);
  expect(run.stderr).toContain("the link was cut");
  expect(readFileSync(join(here, "c")).equals(bytes)).toBe(true);
  expectClean(here, there);
}, 20_000);
