import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { envFixture } from "./env-fixture.ts";

const fixture = envFixture();
const before =
  '# mine\n[[environments]]\nid = "a"\nprogram = "x"\n\n[[environments]]\nid = "b"\nprogram = "x"\n';

/** A shell script in the place of the user's editor. */
async function edit(script: string, words: readonly string[] = []) {
  const editor = join(fixture.home, "vi");
  writeFileSync(editor, `#!/bin/sh\nfor file; do :; done\n${script}\n`);
  chmodSync(editor, 0o755);
  return await fixture.run(["edit", ...words], { VISUAL: editor });
}

describe("codex-env env edit", () => {
  test("puts what was written in the place of the file", async () => {
    fixture.write("environments.toml", before);
    expect(await edit(`sed -i 's/# mine/# yours/' "$file"`)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(fixture.read("environments.toml")).toBe(before.replace("mine", "yours"));
  });

  test("keeps the file where the draft is wrong, says where, and keeps the draft", async () => {
    fixture.write("environments.toml", before);
    const { code, stderr } = await edit(`sed -i 's/^program/progam/' "$file"`);
    expect(code).toBe(1);
    expect(stderr).toContain("line 4, column 1 of environments.toml; did you mean `program`?");
    expect(fixture.read("environments.toml")).toBe(before);
    const draft = /what you wrote is in (\S+)/.exec(stderr)?.[1] ?? "";
    expect(readFileSync(draft, "utf8")).toContain("progam");
    rmSync(dirname(draft), { recursive: true });
  });

  test("changes nothing when the editor fails, or changes nothing", async () => {
    fixture.write("environments.toml", before);
    const path = join(fixture.home, "draft-path");
    expect((await edit(`echo "$file" >${path}; echo x >>"$file"; exit 3`)).stderr).toContain(
      "ended with exit code 3",
    );
    expect((await edit("true")).code).toBe(0);
    expect(fixture.read("environments.toml")).toBe(before);
    expect(existsSync(readFileSync(path, "utf8").trim())).toBe(false);
  });

  test("does not overwrite what somebody else wrote meanwhile", async () => {
    fixture.write("environments.toml", before);
    const { code, stderr } = await edit(
      `echo '# theirs' >>${join(fixture.home, "environments.toml")}; echo '# ours' >>"$file"`,
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining("was changed by somebody else meanwhile")]);
    expect(fixture.read("environments.toml")).toBe(`${before}# theirs\n`);
    rmSync(dirname(/what you wrote is in (\S+)/.exec(stderr)?.[1] ?? "/nonexistent/x"), {
      recursive: true,
      force: true,
    });
  });

  test("begins at the environment that is named, be the file wrong", async () => {
    fixture.write("environments.toml", `${before}oops\n`);
    const { code } = await edit(`echo "$1" >${join(fixture.home, "line")}; sed -i '/oops/d' "$file"`, ["b"]);
    expect(code).toBe(0);
    expect(readFileSync(join(fixture.home, "line"), "utf8")).toBe("+7\n");
    expect(fixture.read("environments.toml")).toBe(before);
    expect((await edit("true", ["c"])).code).toBe(2);
  });

  test("makes the file, and that of codex-env's own", async () => {
    expect((await edit(`echo 'default = "none"' >"$file"`)).code).toBe(0);
    fixture.write("environments.toml", before);
    expect((await edit(`echo '[environments.a.ssh]' >"$file"`, ["--extras"])).code).toBe(0);
    expect(fixture.read("codex-env.toml")).toBe("[environments.a.ssh]\n");
  });
});
