import { describe, expect, test } from "bun:test";
import { startPlainProgram } from "../../../core/client/plain-program.ts";
import { isAlive } from "../../support/process-state.ts";
import { until } from "../../support/wait.ts";

async function readAll(source: { read(): Promise<Uint8Array | null> }): Promise<string> {
  let text = "";
  for (let bytes = await source.read(); bytes !== null; bytes = await source.read()) {
    text += new TextDecoder().decode(bytes);
  }
  return text;
}

describe("a program without a guardian", () => {
  test("reads and writes, and tells how it ended", async () => {
    const script = 'cat; echo "$VALUE|$PWD|$CODEX_ENV_TOKEN" >&2; exit 3';
    process.env["CODEX_ENV_TOKEN"] = "hush";
    await using program = startPlainProgram({
      argv: ["/bin/sh", "-c", script],
      env: { VALUE: "x" },
      cwd: "/usr",
    });
    delete process.env["CODEX_ENV_TOKEN"];
    await program.write(new TextEncoder().encode("in"));
    program.closeInput();
    expect([await readAll(program.stdout), await readAll(program.stderr)]).toEqual(["in", "x|/usr|\n"]);
    expect(await program.ended).toBe("exit code 3");
  });

  test.each([
    ["", 143],
    ["trap '' TERM; ", 137],
  ])("%jis ended with its process group", async (trap, code) => {
    const program = startPlainProgram({ argv: ["/bin/sh", "-c", `${trap}sleep 60 & echo $!; sleep 61`] });
    const pid = Number(new TextDecoder().decode((await program.stdout.read()) ?? new Uint8Array()));
    program.terminate();
    if (trap === "") await program.ended;
    await program[Symbol.asyncDispose]();
    expect(await program.ended).toBe(`exit code ${code}`);
    expect(await until(() => !isAlive(pid), 5_000)).toBe(true);
  });

  test("that cannot be started is an error", () => {
    expect(() => startPlainProgram({ argv: ["/no/such/program"] })).toThrow("/no/such/program");
  });
});
