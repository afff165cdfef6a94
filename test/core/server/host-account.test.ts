import { expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { hostAccount } from "../../../core/server/host-account.ts";

const source = join(import.meta.dir, "../../../core/server/host-account.ts");
const script = `console.log(JSON.stringify(require(${JSON.stringify(source)}).hostAccount()))`;
const [, , , , , home, shell] = execFileSync("getent", ["passwd", String(process.getuid?.())], {
  encoding: "utf8",
})
  .trim()
  .split(":");

test.each([[{}], [{ SHELL: "/bin/elsewhere", HOME: "/elsewhere" }]])(
  "the account is that of the passwd entry, be the variables %j",
  (env) => {
    const printed = execFileSync(process.execPath, ["-e", script], { env, encoding: "utf8" });
    expect(JSON.parse(printed)).toEqual({ home, shell });
  },
);

test("an account without an entry has the shell of $SHELL, else the one that is everywhere", () => {
  const asNobody = (variables: Record<string, string>) => {
    const getuid = process.getuid;
    process.getuid = () => 4_000_000_000;
    try {
      return hostAccount(variables).shell;
    } finally {
      if (getuid !== undefined) process.getuid = getuid;
    }
  };
  expect(asNobody({ SHELL: "/bin/zsh" })).toBe("/bin/zsh");
  expect(asNobody({ SHELL: "unknown" })).toBe("/bin/sh");
  expect(asNobody({})).toBe("/bin/sh");
});
