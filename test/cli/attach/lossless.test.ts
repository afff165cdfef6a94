import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ourCli, runCli } from "../../support/our-cli.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

let server: TestServer;
let home: string;
beforeAll(async () => {
  server = await startTestServer();
  home = mkdtempSync(join(tmpdir(), "codex-env-lossless-"));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

const env = () => ({ CODEX_HOME: home, XDG_STATE_HOME: home });
/** Numbers of seven digits, one a line, until there is the file `go`. */
const counting = () =>
  `sh -c 'i=0; until test -e ${home}/go; do i=$((i+1)); printf "%07d\\n" $i; done; exit 7'`;

test("every byte that a job writes is shown once, by whoever is attached, be they sent away in the middle", async () => {
  const left = await runCli(["connect", server.url], {
    stdin: `${counting()} &\nsleep 0.2\n.detach\n`,
    env: env(),
  });
  const [, first = "", id = ""] = /^(.*?)([0-9a-f]{8})\n$/s.exec(left.stdout) ?? [];
  const shown: string[] = [];

  for (let times = 0; times < 3; times++) {
    const child = Bun.spawn(ourCli(["attach", id]), {
      env: { ...process.env, ...env() },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
    });
    let text = "";
    for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
      if (text === "") child.kill("SIGTERM");
      text += piece;
    }
    expect(await child.exited).toBe(143);
    expect(text).not.toBe("");
    shown.push(text);
  }
  writeFileSync(join(home, "go"), "");
  const last = await runCli(["attach", id], { env: env() });
  expect(last.code).toBe(7);
  const rest = [...shown, last.stdout].join("");
  // A line that was cut in the middle is ended for the eye, before the id.
  const wasCut = first.length % 8 !== 0 || rest.startsWith("\n");
  const numbers = ((wasCut ? first.slice(0, -1) : first) + rest).trimEnd().split("\n").map(Number);
  const [start = 0] = numbers;
  expect(numbers.findIndex((number, index) => number !== start + index)).toBe(-1);
});
