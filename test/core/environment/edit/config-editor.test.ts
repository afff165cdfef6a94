import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { ConfigEditor } from "../../../../core/environment/edit/config-editor.ts";
import type { EntryToAdd } from "../../../../core/environment/edit/entry-to-add.ts";
import { UnknownEntryError } from "../../../../core/environment/edit/unknown-entry-error.ts";
import { loadSnapshot } from "../../../../core/environment/provider/load-snapshot.ts";

let home: string;
let editor: ConfigEditor;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "codex-env-edit-"));
  editor = new ConfigEditor(home);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const file = () => join(home, "environments.toml");
const read = (name = "environments.toml") => readFileSync(join(home, name), "utf8");
const write = (text: string, name = "environments.toml") => writeFileSync(join(home, name), text);
const entry = (id: string, more: Partial<EntryToAdd> = {}): EntryToAdd => ({
  id,
  members: { program: "ssh", args: ["-T", 'a "b"\\'], initialize_timeout_sec: 30 },
  extras: {},
  extraTables: {},
  ...more,
});
const plain = { makeDefault: false };
const block =
  '[[environments]]\nid = "new"\nprogram = "ssh"\nargs = ["-T", "a \\"b\\"\\\\"]\ninitialize_timeout_sec = 30\n';

const commented = `# My machines.
include_local = false # never here
default = "two" # the big one

# The first.
[[environments]]
id = "one"
program = "a" # with a reason
[environments.env]
A = '1'

# Between them.

# The second.
[[environments]]
id = 'two'
url = "ws://two"
# The end.
`;

describe("adding an environment", () => {
  test("to no file makes one for the user alone", async () => {
    await editor.add(entry("new"), plain);
    expect(read()).toBe(block);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(home)).toEqual(["environments.toml"]);
  });

  test("leaves everything else as it was, to the letter", async () => {
    write(commented);
    await editor.add(entry("new"), plain);
    expect(read()).toBe(`${commented}\n${block}`);
    await editor.add(entry("other"), { makeDefault: true });
    expect(read()).toStartWith(commented.replace('"two" # the big', '"other" # the big'));
  });

  test("keeps the line ends of the file, and ends its last line", async () => {
    write('# one\r\ndefault = "local"');
    await editor.add(entry("new"), plain);
    expect(read()).toBe(`# one\r\ndefault = "local"\r\n\r\n${block.replaceAll("\n", "\r\n")}`);
  });

  test.each([
    ["environments = []", "environments = [{NEW}]"],
    ['environments = [{ id = "a", url = "ws://a" }]', 'environments = [{ id = "a", url = "ws://a" }, {NEW}]'],
    [
      'environments = [\n  { id = "a", url = "ws://a" }, # first\n] # all\n',
      'environments = [\n  { id = "a", url = "ws://a" }, {NEW}, # first\n] # all\n',
    ],
  ])("puts it into the list of %j", async (before, after) => {
    write(before);
    await editor.add(entry("new"), plain);
    const item =
      '{ id = "new", program = "ssh", args = ["-T", "a \\"b\\"\\\\"], initialize_timeout_sec = 30 }';
    expect(read()).toBe(after.replace("{NEW}", item));
  });

  test("writes what only codex-env knows beside it, and takes it away again", async () => {
    write("# mine\n[environments.other]\ntoken_file = 'x'\n", "codex-env.toml");
    await editor.add(
      entry("new", {
        extras: { exec_enabled: false },
        extraTables: { ssh: { destination: "me@box", jump: ["gate"] } },
      }),
      plain,
    );
    expect(read("codex-env.toml")).toBe(
      "# mine\n[environments.other]\ntoken_file = 'x'\n\n[environments.new]\nexec_enabled = false\n\n" +
        '[environments.new.ssh]\ndestination = "me@box"\njump = ["gate"]\n',
    );
    expect(loadSnapshot({ CODEX_HOME: home }).definitions[0]?.origin).toMatchObject({
      destination: "me@box",
    });
    await editor.remove("new");
    expect(read("codex-env.toml")).toBe("# mine\n[environments.other]\ntoken_file = 'x'\n");
  });

  test.each([commented, commented.replaceAll("\n", "\r\n"), ""])(
    "and removing it again leaves %j as it was",
    async (before) => {
      write(before);
      await editor.add(entry("new"), plain);
      await editor.remove("new");
      expect(read()).toBe(before);
    },
  );

  test("that is there already, or cannot be, changes nothing", async () => {
    write(commented);
    expect(await editor.add(entry("one"), plain).catch(String)).toContain("`one` is there already");
    expect(await editor.add(entry("a b"), plain).catch(String)).toContain("must contain only ASCII letters");
    const bad = entry("bad", { members: { url: "http://x" } });
    expect(await editor.add(bad, plain).catch(String)).toContain("must use ws:// or wss://");
    expect(read()).toBe(commented);
    expect(readdirSync(home)).toEqual(["environments.toml"]);
  });
});

describe("removing an environment", () => {
  test("takes its comments with it and leaves the others", async () => {
    write(commented);
    await editor.remove("one");
    expect(read()).toBe(
      '# My machines.\ninclude_local = false # never here\ndefault = "two" # the big one\n\n' +
        "# Between them.\n\n# The second.\n[[environments]]\nid = 'two'\nurl = \"ws://two\"\n# The end.\n",
    );
  });

  test("that is the default is refused: what should be the default then?", async () => {
    write(commented);
    expect(await editor.remove("two").catch(String)).toContain("choose another first");
    await editor.setDefault("one");
    await editor.remove("two");
    expect(read()).toEndWith("# Between them.\n\n# The end.\n");
  });

  test.each(["thre", "local", "One"])("%j, which is no entry, changes nothing", async (id) => {
    write(commented);
    expect(await editor.remove(id).catch((error: unknown) => error)).toBeInstanceOf(UnknownEntryError);
    expect(read()).toBe(commented);
  });

  test("from a list takes its line, or its place on the line", async () => {
    write(
      'default = "b"\nenvironments = [\n  { id = "a", url = "ws://a" }, # first\n  # then\n  { id = "b", url = "ws://b" } ]\n',
    );
    await editor.remove("a");
    expect(read()).toBe('default = "b"\nenvironments = [\n  # then\n  { id = "b", url = "ws://b" } ]\n');
    await editor.setDefault("local");
    await editor.remove("b");
    expect(loadSnapshot({ CODEX_HOME: home }).definitions).toEqual([]);
    expect(read()).toContain("# then");
  });
});

describe("the default", () => {
  test.each([
    ["", 'default = "none"\n'],
    ["# only words", '# only words\ndefault = "none"\n'],
    ["default = 'local' # here\n", 'default = "none" # here\n'],
    ["include_local = true", 'include_local = true\ndefault = "none"\n'],
    [
      "# all\n\n# box\n[[environments]]\nid = 'a'\nurl = 'ws://a'\n",
      "# all\n\ndefault = \"none\"\n\n# box\n[[environments]]\nid = 'a'\nurl = 'ws://a'\n",
    ],
  ])("in %j is set in its place", async (before, after) => {
    write(before);
    await editor.setDefault("none");
    expect(read()).toBe(after);
    expect(loadSnapshot({ CODEX_HOME: home }).defaultId).toBeNull();
  });

  test("is one of the environments, with the nearest one told", async () => {
    write(commented);
    expect(await editor.setDefault("twoo").catch(String)).toContain("did you mean `two`?");
    expect(await editor.setDefault("local").catch(String)).toContain("unknown environment id `local`");
    await editor.setDefault("one");
    expect(loadSnapshot({ CODEX_HOME: home }).defaultId).toBe("one");
  });
});

describe("an edit", () => {
  test("keeps the mode, and the link that the file is", async () => {
    mkdirSync(join(home, "dotfiles"));
    const real = join(home, "dotfiles/env.toml");
    writeFileSync(real, commented);
    chmodSync(real, 0o640);
    symlinkSync("dotfiles/env.toml", file());
    await editor.add(entry("new"), plain);
    expect(realpathSync(file())).toBe(realpathSync(real));
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(readFileSync(real, "utf8")).toContain('id = "new"');
  });

  test("of a file that is wrong changes nothing, and says where it is wrong", async () => {
    write("default = 1\n");
    expect(await editor.add(entry("new"), plain).catch(String)).toContain("line 1, column 1");
    expect(read()).toBe("default = 1\n");
  });

  test("waits for another, so that none is lost", async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `box-${index}`);
    await Promise.all(ids.map((id) => new ConfigEditor(home).add(entry(id), plain)));
    expect(
      loadSnapshot({ CODEX_HOME: home })
        .definitions.map(({ id }) => id)
        .sort(),
    ).toEqual(ids);
  });

  test("does not wait for one that was killed long ago", async () => {
    const left = join(home, ".environments.toml.new");
    writeFileSync(left, "half");
    utimesSync(left, new Date(0), new Date(0));
    await editor.add(entry("new"), plain);
    expect(existsSync(left)).toBe(false);
    expect(read()).toBe(block);
  });

  test("leaves every line that it is not about where it was", async () => {
    const comment = fc.constantFrom("", "# about it\n", "\n", "# loose\n\n", "  # indented\n\n# above\n");
    const body = fc.constantFrom(
      'program = "x" # why\n',
      "url = 'ws://h' # [no] header\n\n# inner\nconnect_timeout_sec = 1\n",
      'program = """\nx"""\nargs = [\n  "[[environments]]", # one\n]\n[environments.env]\nA = "1"\n',
      'program = "x"\n[environments.skills]\nrequired = []\n# last\n',
    );
    const entries = fc.array(fc.tuple(comment, body), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        entries,
        fc.nat(),
        fc.constantFrom("add", "remove", "default"),
        async (parts, pick, what) => {
          const blocks = parts.map(
            ([above, text], index) => `${above}[[environments]]\nid = "e${index}"\n${text}`,
          );
          const before = `# head\n\n${blocks.join("\n")}`;
          write(before);
          const chosen = pick % parts.length;
          if (what === "add") await editor.add(entry("new"), plain);
          if (what === "default") await editor.setDefault(`e${chosen}`);
          if (what === "remove") await editor.remove(`e${chosen}`);
          const about = what === "remove" ? (blocks[chosen] ?? "").split("\n") : [];
          const after = read().split("\n");
          let at = 0;
          for (const line of before
            .split("\n")
            .filter((text) => text.trim() !== "" && !about.includes(text))) {
            at = after.indexOf(line, at) + 1;
            expect(at).toBePositive();
          }
          const ids = loadSnapshot({ CODEX_HOME: home }).definitions.map(({ id }) => id);
          expect(ids.length).toBe(parts.length + (what === "add" ? 1 : what === "remove" ? -1 : 0));
        },
      ),
      { numRuns: 200 },
    );
  });
});

test("a directory that cannot be made is told of with the file that was to be written, in the system's words", async () => {
  write("", "file");
  const inFile = new ConfigEditor(join(home, "file"));
  const path = join(home, "file/environments.toml");
  const adding = inFile.add(entry("a"), { makeDefault: false });
  await expect(adding).rejects.toThrow(`${path} cannot be written: File exists (os error 17)`);
});
