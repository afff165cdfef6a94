import { describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { limits } from "../../core/limits.ts";
import { builtBinary } from "../support/built-binary.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import { lacksNamespaces, type PoorCable, startTwoHosts, type TwoHosts } from "./two-hosts.ts";

const lacking = await lacksNamespaces();
if (lacking !== undefined) console.log(`skipped: ${lacking}`);
else if (!existsSync("/dev/net/tun")) console.log("skipped: there is no /dev/net/tun to make a bad cable of");

const token = "0123456789abcdef0123456789abcdef";

async function withServer(
  work: (hosts: TwoHosts, server: TestServer, tokenFile: string) => Promise<void>,
  cable?: PoorCable,
) {
  const directory = mkdtempSync(join(tmpdir(), "codex-env-net-"));
  const tokenFile = join(directory, "token");
  writeFileSync(tokenFile, token);
  chmodSync(tokenFile, 0o600);
  try {
    await using hosts = await startTwoHosts(cable);
    await using server = await startTestServer({
      command: [...hosts.on("far"), builtBinary, "serve"],
      listen: `ws://${hosts.addresses.far}:0`,
      flags: ["--ws-auth", "capability-token", "--ws-token-file", tokenFile],
    });
    await work(hosts, server, tokenFile);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** `exec` on the near host; its output as it comes. */
function startExec(hosts: TwoHosts, words: readonly string[], input?: string) {
  const child = Bun.spawn([...hosts.on("near"), builtBinary, "exec", ...words], {
    stdin: input === undefined ? "ignore" : new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const first = Promise.withResolvers<void>();
  const output = (async () => {
    let text = "";
    for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
      text += piece;
      first.resolve();
    }
    first.resolve();
    return text;
  })();
  return { child, output, complaints: child.stderr.text(), first: first.promise };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `${index + 1}\n`).join("");
const counting = (count: number, pause: number) =>
  `i=0; while [ $i -lt ${count} ]; do i=$((i+1)); echo $i; sleep ${pause}; done`;

describe.skipIf(lacking !== undefined)("two hosts with a cable between them", () => {
  test("a cable that was out for a while costs a command no line, and gives none twice", async () => {
    await withServer(async (hosts, server, tokenFile) => {
      const words = ["--url", server.url, "--token-file", tokenFile, "sh", "-c", counting(80, 0.1)];
      const { child, output, complaints, first } = startExec(hosts, words);
      await first;
      await hosts.cable("down");
      await Bun.sleep(4_000);
      await hosts.cable("up");
      expect(await output).toBe(numbers(80));
      expect(await child.exited, await complaints).toBe(0);
    });
  }, 90_000);

  test("a cable that stays out is noticed, and the session resumed once it is back", async () => {
    await withServer(async (hosts, server, tokenFile) => {
      const words = ["--url", server.url, "--token-file", tokenFile, "sh", "-c", counting(300, 0.1)];
      const { child, output, complaints, first } = startExec(hosts, words);
      await first;
      await hosts.cable("down");
      // Nothing says that it is out: only silence does.
      await Bun.sleep(limits.pongDeadlineMs + 7_000);
      await hosts.cable("up");
      expect(await output).toBe(numbers(300));
      expect(await child.exited).toBe(0);
      expect(await complaints).toContain("restor");
    });
  }, 120_000);

  const seed = Number(process.env["CODEX_ENV_SEED"] ?? 1);
  test.skipIf(!existsSync("/dev/net/tun"))(
    `packets that come late and in disorder, or not at all, cost no byte (CODEX_ENV_SEED=${seed})`,
    async () => {
      const cable = { delayMs: 20, jitterMs: 8, lossPercent: 4, seed };
      await withServer(async (hosts, server, tokenFile) => {
        const bytes = randomBytes(200_000).toString("base64");
        const words = ["--url", server.url, "--token-file", tokenFile, "cat"];
        const { child, output, complaints } = startExec(hosts, words, bytes);
        expect((await output) === bytes).toBe(true);
        expect(await child.exited, await complaints).toBe(0);
      }, cable);
    },
    90_000,
  );
});
