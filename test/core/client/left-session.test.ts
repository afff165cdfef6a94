import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connectClient, type ExecClient } from "../../../core/client/connect-client.ts";
import { parseTarget } from "../../../core/client/target.ts";
import type { ProcessEvent } from "../../../core/process/process-backend.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => await server[Symbol.asyncDispose]());

const open = (resumeSessionId?: string): Promise<ExecClient> =>
  connectClient(parseTarget(server.url), {
    clientName: "test",
    ...(resumeSessionId === undefined ? {} : { resumeSessionId }),
  });

/** Collects the output of a process; `saw` resolves once it holds the text, `over` at the end. */
function watch() {
  let text = "";
  let code: number | undefined;
  const over = Promise.withResolvers<ProcessEvent["kind"]>();
  const waiting: { text: string; resolve: () => void }[] = [];
  return {
    over: over.promise,
    get text() {
      return text;
    },
    get code() {
      return code;
    },
    saw: (wanted: string) =>
      new Promise<void>((resolve) => {
        if (text.includes(wanted)) resolve();
        else waiting.push({ text: wanted, resolve });
      }),
    sink(event: ProcessEvent): undefined {
      if (event.kind === "output") text += new TextDecoder().decode(event.bytes);
      if (event.kind === "exited" && event.status.kind === "exited") code = event.status.code;
      if (event.kind === "closed" || event.kind === "lost") over.resolve(event.kind);
      for (const { text: wanted, resolve } of waiting) if (text.includes(wanted)) resolve();
    },
  };
}

const shell = (script: string) => ({
  argv: ["/bin/sh", "-c", script] as const,
  cwd: "file:///",
  inherit: "all" as const,
  env: {},
  stdio: { kind: "pipes" as const, stdin: true },
});

describe("a session that a client has left", () => {
  test("is gone on with by another: output goes on where it stopped, stdin is taken, the exit code told", async () => {
    const first = await open();
    const seen = watch();
    const process = await first.processes.start(
      shell('while read x; do echo "got $x"; done; exit 7'),
      seen.sink,
    );
    await process.stdin.write(new TextEncoder().encode("one\n"));
    await seen.saw("got one\n");
    await first.keepFor(3_600);
    expect(first.sessionTtlSeconds).toBe(3_600);
    const { sessionId } = first;
    first.close();
    expect(await seen.over).toBe("lost");

    using second = await open(sessionId);
    expect(second.sessionId).toBe(sessionId);
    const later = watch();
    const known = { processId: process.processId, tty: false, after: process.position };
    const adopted = second.processes.adopt(known, later.sink);
    await adopted.stdin.write(new TextEncoder().encode("two\n"));
    await later.saw("got two\n");
    await adopted.stdin.end();
    expect(await later.over).toBe("closed");
    expect([later.text, later.code]).toEqual(["got two\n", 7]);
  });

  test("tells of what ended meanwhile from where it is asked, and of what it never had as lost", async () => {
    const first = await open();
    const seen = watch();
    const process = await first.processes.start(shell("echo early; read x; exit 3"), seen.sink);
    await seen.saw("early\n");
    const { sessionId } = first;
    await process.stdin.end();
    first.close();

    using second = await open(sessionId);
    const [whole, absent] = [watch(), watch()];
    second.processes.adopt({ processId: process.processId, tty: false, after: 0 }, whole.sink);
    second.processes.adopt({ processId: "never", tty: false, after: 0 }, absent.sink);
    expect([await whole.over, whole.text, whole.code]).toEqual(["closed", "early\n", 3]);
    expect(await absent.over).toBe("lost");
  });

  test("is refused where it is over", async () => {
    await expect(open("no-such-session")).rejects.toThrow("unknown session id");
  });
});
