import { describe, expect, test } from "bun:test";
import { ourServerCommand } from "../../support/our-program.ts";
import { runServe } from "./run-serve.ts";

const stdio = ["--listen", "stdio"];
const startOnStdio = () =>
  Bun.spawn([...ourServerCommand(), ...stdio], { stdin: "pipe", stdout: "pipe", stderr: "ignore" });
const hello = '{"id":1,"method":"initialize","params":{"clientName":"test"}}\n{"method":"initialized"}\n';

describe("on stdio the server", () => {
  test("answers line by line and ends with exit code 0 at the end of input", async () => {
    const { exitCode, stdout } = await runServe(
      stdio,
      `${hello}\r\n\n{"id":2,"method":"environment/status"}\r\n`,
    );
    const answers = stdout.split("\n");
    expect(exitCode).toBe(0);
    expect(answers).toHaveLength(3);
    expect(answers[1]).toBe('{"id":2,"result":{"status":"ready"}}');
    expect(answers[2]).toBe("");
  });

  test("says what is wrong with a line, and goes on", async () => {
    const { stdout } = await runServe(stdio, '{\n{"id":1,"method":"nope"}\n');
    expect(stdout.split("\n").map((line) => line && JSON.parse(line).error.code)).toEqual([
      -32600,
      -32601,
      "",
    ]);
    expect(stdout).toContain("failed to parse JSON-RPC message from exec-server stdio: ");
  });

  test("says why and ends, rather than hang, when the peer breaks the protocol", async () => {
    const child = startOnStdio();
    child.stdin.write('{"method":"nope"}\n');
    await child.stdin.flush();
    // stdin stays open: the reference would wait for its end.
    expect(await child.exited).toBe(0);
    expect(await child.stdout.text()).toContain("unexpected notification nope");
  });

  test("ends the commands that it runs at the end of input", async () => {
    const start = {
      id: 2,
      method: "process/start",
      params: {
        processId: "p",
        argv: ["/bin/sh", "-c", "echo $$; exec sleep 1000"],
        cwd: "file:///",
        env: {},
        tty: false,
      },
    };
    const child = startOnStdio();
    child.stdin.write(`${hello}${JSON.stringify(start)}\n`);
    await child.stdin.flush();
    const pid = await pidFromOutput(child.stdout);
    expect(isRunning(pid)).toBe(true);
    child.stdin.end();
    expect(await child.exited).toBe(0);
    expect(isRunning(pid)).toBe(false);
  });
});

/** The pid that the started command prints, from the first process/output. */
async function pidFromOutput(stdout: ReadableStream<Uint8Array>): Promise<number> {
  let text = "";
  for await (const bytes of stdout) {
    text += new TextDecoder().decode(bytes);
    const chunk = /"chunk":"([^"]+)"/.exec(text)?.[1];
    if (chunk !== undefined) return Number(atob(chunk));
  }
  throw new Error(`no output came: ${text}`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
