import { describe, expect, test } from "bun:test";
import { envFixture } from "./env-fixture.ts";

const fixture = envFixture();

const entries = `[[environments]]
id = "far"
url = "wss://far"

[[environments]]
id = "here"
program = "codex-env"
args = ["serve", "--listen", "stdio"]

[[environments]]
id = "other"
program = "cat"

[[environments]]
id = "gone"
program = "sh"
args = ["-c", "echo nothing here >&2; exit 9", "codex-env", "serve", "--listen", "stdio"]
`;

describe("codex-env env update", () => {
  test.each([
    [["update"], 2, "NAME is missing"],
    [["update", "gome"], 2, 'unknown environment id "gome", did you mean gone?'],
    [["update", "far"], 2, "far starts no codex-env elsewhere: it is a URL"],
    [["update", "here"], 2, "here starts no codex-env elsewhere: its program is the server"],
    [["update", "other"], 2, "its command does not end with codex-env serve --listen stdio"],
    [["update", "gone"], 1, "sh: it gave no answer (exit code 9): nothing here"],
  ])("%j fails, says why, and changes nothing", async (words, code, reason) => {
    fixture.write("environments.toml", entries);
    const ran = await fixture.run(words);
    expect(ran).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(reason) });
    expect(fixture.read("environments.toml")).toBe(entries);
  });

  test("finds the place behind an entry that other clients reach by codex-env dial", async () => {
    const dial = '[[environments]]\nid = "box"\nprogram = "codex-env"\nargs = ["dial", "box"]\n';
    fixture.write("environments.toml", dial);
    const behind = 'args = ["-c", "echo behind >&2; exit 9", "codex-env", "serve", "--listen", "stdio"]';
    fixture.write("codex-env.toml", `[environments.box.dial]\nprogram = "sh"\n${behind}\n`);
    const ran = await fixture.run(["update", "box"]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("(exit code 9): behind") });
  });
});

describe("codex-env env add, where codex-env has to be put there", () => {
  test("refuses a name that is taken before anything is tried", async () => {
    fixture.write("environments.toml", entries);
    const ran = await fixture.run(["add", "far", "--ssh", "nowhere.invalid"]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("`far` is there already") });
  });

  test("takes one place for it only", async () => {
    const ran = await fixture.run(["add", "x", "--ssh", "x", "--server", "/a", "--binary", "/b"]);
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining("say one of them") });
  });
});
