import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runServe } from "./run-serve.ts";

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "serve-"));
  writeFileSync(join(directory, "blank"), "\n");
});
afterAll(() => rmSync(directory, { recursive: true }));

describe("what cannot be served ends with exit code 1 and one sentence", () => {
  const cases: Record<string, readonly string[]> = {
    "invalid websocket --listen URL `ws://localhost:0`; expected `ws://IP:PORT`\nlocalhost is a name; use 127.0.0.1":
      ["--listen", "ws://localhost:0"],
    "DIR/absent/x.sock: No such file or directory (os error 2)": ["--listen", "unix://DIR/absent/x.sock"],
    "unsupported --listen URL `junk`; expected `ws://IP:PORT`, `wss://IP:PORT`, `unix:///PATH` or `stdio`": [
      "--listen",
      "junk",
    ],
    "`--ws-token-file` or `--ws-token-sha256` is required when `--ws-auth capability-token` is set": [
      "--ws-auth",
      "capability-token",
    ],
    "websocket auth secret DIR/blank must not be empty": [
      "--ws-auth",
      "capability-token",
      "--ws-token-file",
      "DIR/blank",
    ],
    "WebSocket auth requires a WebSocket listener, not stdio": [
      "--listen",
      "stdio",
      "--ws-auth",
      "capability-token",
      "--ws-token-sha256",
      "a".repeat(64),
    ],
    "`--tls-cert` and `--tls-key` require each other": ["--tls-cert", "DIR/blank"],
    "cannot read DIR/absent: No such file or directory (os error 2)": [
      "--tls-cert",
      "DIR/absent",
      "--tls-key",
      "DIR/blank",
    ],
    "DIR/blank is not a PEM file": ["--tls-cert", "DIR/blank", "--tls-key", "DIR/blank"],
    "0.0.0.0 can be reached from other machines, and without auth whoever reaches it may run commands here; give --ws-auth, or --allow-unauthenticated if the network itself keeps strangers out":
      ["--listen", "ws://0.0.0.0:0"],
  };
  for (const [sentence, flags] of Object.entries(cases)) {
    test.concurrent(sentence, async () => {
      const real = (text: string) => text.replaceAll("DIR", directory);
      expect(await runServe(flags.map(real))).toEqual({
        exitCode: 1,
        stdout: "",
        stderr: `Error: ${real(sentence)}\n`,
      });
    });
  }
});

describe("bad usage ends with exit code 2 and names the flag", () => {
  const concurrency = (value: string, reason: string): [readonly string[], string] => [
    [`--concurrent-requests=${value}`],
    `invalid value '${value}' for '--concurrent-requests <COUNT>': ${reason}`,
  ];
  const cases: readonly [readonly string[], string][] = [
    concurrency("0", "number would be zero for non-zero type"),
    concurrency("x", "invalid digit found in string"),
    concurrency("-1", "invalid digit found in string"),
    concurrency("18446744073709551616", "number too large to fit in target type"),
    [["--session-ttl", "0"], '--session-ttl takes whole seconds from 1 to 86400, not "0"'],
    [["--session-ttl", "86401"], '--session-ttl takes whole seconds from 1 to 86400, not "86401"'],
    [["--session-ttl", "1.5"], '--session-ttl takes whole seconds from 1 to 86400, not "1.5"'],
    [["--ws-max-clock-skew-seconds", "x"], '--ws-max-clock-skew-seconds takes whole seconds, not "x"'],
    [["--lisen", "stdio"], "unknown flag --lisen, did you mean --listen?"],
    [["--log-level", "loud"], "--log-level"],
  ];
  for (const [flags, sentence] of cases) {
    test.concurrent(flags.join(" "), async () => {
      const { exitCode, stdout, stderr } = await runServe(flags);
      expect([exitCode, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(sentence);
    });
  }
});
