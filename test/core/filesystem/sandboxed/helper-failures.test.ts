import { afterAll, describe, expect, test } from "bun:test";
import { Workspace } from "../../../core/sandbox/plan/workspace.ts";
import { treeOf } from "../../../support/process-tree.ts";
import { rootsWrite, SandboxedServer, sandboxOf } from "./sandboxed-scope.ts";

const server = new SandboxedServer();
const workspace = new Workspace();
const sandbox = sandboxOf(workspace.ws, rootsWrite);
const file = `${workspace.ws}/a.txt`;
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  workspace[Symbol.dispose]();
});

/** Long enough for a helper to start on a busy machine. */
const deadlineMs = 1_000;

/** The first helper runs the script, the following ones are real. */
function firstRuns(script: string): () => string | null {
  let first = true;
  return () => {
    const instead = first ? script : null;
    first = false;
    return instead;
  };
}

const broken = [
  {
    name: "that ends with words on standard error",
    script: "read plan; read request; echo 'out of luck' >&2; exit 3",
    says: "-32603 fs sandbox helper failed with status exit status: 3: out of luck",
  },
  {
    name: "that is killed",
    script: "read plan; read request; kill -9 $$",
    says: "-32603 fs sandbox helper failed with status exit status: 137",
  },
  {
    name: "that ends at once",
    script: "exit 0",
    says: "-32603 fs sandbox helper failed with status exit status: 0",
  },
  {
    name: "that says what is no JSON",
    script: "read plan; read request; echo nonsense; cat >/dev/null",
    says: '-32603 failed to encode or decode fs sandbox helper message: JSON Parse error: Unexpected identifier "nonsense"',
  },
  {
    name: "that says JSON that is no answer",
    script: 'read plan; read request; echo \'{"status":"fine","payload":{}}\'; cat >/dev/null',
    says: "-32603 failed to encode or decode fs sandbox helper message: unknown status",
  },
  {
    name: "that says more than it was asked",
    script: "read plan; read request; printf '{}\\n{}\\n'; cat >/dev/null",
    says: "-32603 failed to encode or decode fs sandbox helper message: more than one answer",
  },
  {
    name: "that promises a descriptor and sends none",
    script:
      'read plan; read request; echo \'{"status":"ok","payload":{"response":{"handed":true}}}\'; cat >/dev/null',
    says: "-32603 failed to encode or decode fs sandbox helper message: no descriptor came with the answer",
  },
  {
    name: "that never answers",
    script: "cat >/dev/null",
    says: "-32603 fs sandbox helper failed with no answer within 1 s",
  },
];

describe.each(broken)("a helper $name", ({ script, says }) => {
  test("fails its request with one clear error, and the next request works", async () => {
    using connection = server.connect({ instead: firstRuns(script), deadlineMs });
    expect(await connection.read(file, sandbox)).toBe(says);
    expect(await connection.read(file, sandbox)).toBe("ok:inside");
  });

  test("leaves open whether a write took effect, and says so", async () => {
    using connection = server.connect({ instead: firstRuns(script), deadlineMs });
    const answer = await connection.write(`${workspace.ws}/w.txt`, "x", sandbox);
    expect(answer).toBe(`${says}; whether the request took effect is not known`);
    expect(await connection.write(`${workspace.ws}/w.txt`, "x", sandbox)).toBe("ok");
  });
});

/** Stops a helper and its sandbox. What is outside (the shim) is left alone: it reports the end. */
function stopAll(root: number): void {
  for (const pid of treeOf(root)) process.kill(pid, "SIGSTOP");
}

test("requests that waited behind one that failed were never sent, and are served by a fresh helper", async () => {
  using connection = server.connect({ instead: firstRuns("cat >/dev/null"), deadlineMs });
  const answers = ["one", "two", "three"].map((name) =>
    connection.write(`${workspace.ws}/${name}`, name, sandbox),
  );
  const [first, ...others] = await Promise.all(answers);
  expect(first).toEndWith("whether the request took effect is not known");
  expect(others).toEqual(["ok", "ok"]);
});

test("reads that ran beside one that failed are served", async () => {
  using connection = server.connect({ instead: firstRuns("cat >/dev/null"), deadlineMs });
  const answers = await Promise.all(["one", "two", "three"].map(() => connection.read(file, sandbox)));
  expect(answers.slice(1)).toEqual(["ok:inside", "ok:inside"]);
});

describe("a warm helper", () => {
  let helper: number;
  let connection: ReturnType<SandboxedServer["connect"]>;
  const warm = async (deadline = 20_000) => {
    connection = server.connect({ deadlineMs: deadline });
    expect(await connection.read(file, sandbox)).toBe("ok:inside");
    helper = server.started.at(-1)?.pid ?? 0;
  };

  test("that is killed between two requests is replaced without a word", async () => {
    await warm();
    using _ = connection;
    process.kill(helper, "SIGKILL");
    await server.started.at(-1)?.treeGone;
    expect(await connection.read(file, sandbox)).toBe("ok:inside");
    expect(server.started.at(-1)?.pid).not.toBe(helper);
  });

  test("that stops answering is killed, and a read is tried again with a fresh one", async () => {
    await warm(deadlineMs);
    using _ = connection;
    const stopped = server.started.at(-1);
    stopAll(helper);
    expect(await connection.read(file, sandbox)).toBe("ok:inside");
    await stopped?.treeGone;
  });

  test("that stops answering fails a write, whose effect nobody knows", async () => {
    await warm(deadlineMs);
    using _ = connection;
    stopAll(helper);
    expect(await connection.write(`${workspace.ws}/w.txt`, "x", sandbox)).toBe(
      "-32603 fs sandbox helper failed with no answer within 1 s; whether the request took effect is not known",
    );
  });
});
