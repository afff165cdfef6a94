import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigEditor } from "../../../../core/environment/edit/config-editor.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "codex-env-args-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const environments = `# mine
[[environments]]
id = "a"
program = "x" # this one
args = ["1", "2"] # old

[[environments]]
program = "codex-env"
args = ["dial", "b"]
id = "b"
`;
const extras = `[environments.b.dial]
program = "ssh"
args = ["old"]
`;

describe("other arguments for an entry", () => {
  beforeEach(() => {
    writeFileSync(join(home, "environments.toml"), environments, { mode: 0o600 });
    writeFileSync(join(home, "codex-env.toml"), extras, { mode: 0o600 });
  });
  const read = (name: string) => readFileSync(join(home, name), "utf8");

  test("change nothing else, comments included", async () => {
    const { after } = await new ConfigEditor(home).changeArgs("a", ["new one", '"']);
    expect(read("environments.toml")).toBe(environments.replace('["1", "2"]', '["new one", "\\""]'));
    expect(read("codex-env.toml")).toBe(extras);
    expect(after.definitions[0]?.transport).toMatchObject({ argv: ["x", "new one", '"'] });
  });

  test("go to codex-env.toml where other clients reach the entry by codex-env dial", async () => {
    const { after } = await new ConfigEditor(home).changeArgs("b", ["new"]);
    expect(read("environments.toml")).toBe(environments);
    expect(read("codex-env.toml")).toBe(extras.replace("old", "new"));
    expect(after.definitions[1]?.transport).toMatchObject({ argv: ["ssh", "new"] });
  });

  test("are refused where they are written in a way that is not understood", async () => {
    const inline = 'environments = [{ id = "a", program = "x", args = ["1"] }]\n';
    writeFileSync(join(home, "environments.toml"), inline, { mode: 0o600 });
    await expect(new ConfigEditor(home).changeArgs("a", ["2"])).rejects.toThrow(/not edited here/);
    expect(read("environments.toml")).toBe(inline);
  });
});
