import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createGuardedSpawner } from "../../../../core/process/local/guarded-spawner.ts";
import type { SpawnedProcess } from "../../../../core/process/spawned-process.ts";
import { detectMechanism } from "../../../../core/sandbox/host/detect-mechanism.ts";
import { landlockAbi } from "../../../../core/sandbox/host/kernel-facts.ts";
import { localFacts } from "../../../../core/sandbox/host/local-facts.ts";
import { leastLandlockAbi } from "../../../../core/sandbox/landlock/landlock-rules.ts";
import { privateDirectory } from "../../../../core/sandbox/launch/private-directory.ts";
import type { Mechanism } from "../../../../core/sandbox/mechanism.ts";
import { planSandbox } from "../../../../core/sandbox/plan/plan-sandbox.ts";
import { type EchoListener, listenEcho } from "./echo-listener.ts";

const script = `
import socket, sys
peer = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
peer.sendall(b"GET / HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n"
  b"Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n")
if sys.argv[2] == "wait":
  answer = peer.recv(4096).decode()
  print(answer.split("\\r\\n")[0] + " " + answer.split("\\r\\n\\r\\n")[1])
`;

const crowdScript = `
import ctypes, socket, sys, threading, time
answers = []
def ask():
  ctypes.CDLL(None).unshare(0x400)
  while time.time() < end:
    peer = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    peer.sendall(b"GET / HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n"
      b"Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n")
    answers.append(peer.recv(12)[9:])
    peer.close()
print("begun", flush=True)
end = time.time() + 0.5
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("refused", len(answers), "of the same" if set(answers) <= {b"403", b"503"} else set(answers))
`;

const spawner = createGuardedSpawner();
let server: EchoListener;
beforeAll(async () => {
  server = await listenEcho();
});
afterAll(async () => {
  await spawner[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function start(argv: readonly [string, ...string[]], holder?: Mechanism): Promise<SpawnedProcess> {
  const facts = localFacts({
    temporaryDirectory: null,
    home: null,
    privatePaths: [privateDirectory().path],
    mayBeWritten: () => false,
  });
  const policy = {
    kind: "managed",
    entries: [{ target: { kind: "root" }, access: "read" }],
    globScanMaxDepth: null,
    network: "enabled",
    cwd: "/",
    workspaceRoots: [],
    home: null,
  } as const;
  const sandbox = holder && { plan: planSandbox(policy, facts), mechanism: holder };
  return await spawner.spawn({
    argv,
    cwd: "/",
    env: [],
    stdio: { kind: "pipes", stdin: false },
    ...(sandbox && { sandbox }),
  });
}

async function connectFrom(holder?: Mechanism, how: "wait" | "leave" = "wait"): Promise<string> {
  const child = await start(["/usr/bin/python3", "-c", script, String(server.port), how], holder);
  const bytes: Uint8Array[] = [];
  for (const output of child.outputs) {
    for (let chunk = await output.read(); chunk !== null; chunk = await output.read()) bytes.push(chunk);
  }
  await child.treeGone;
  return Buffer.concat(bytes).toString().trim();
}

const landlock: Mechanism = { kind: "landlock", abi: landlockAbi(), reason: "chosen by the test" };
const holders: readonly (readonly [string, () => Promise<Mechanism>, boolean])[] = [
  ["bubblewrap", detectMechanism, (await detectMechanism()).kind === "bubblewrap"],
  ["Landlock", async () => landlock, landlock.abi >= leastLandlockAbi],
];

for (const [name, holder, available] of holders) {
  if (!available) console.log(`skipped: this machine has no ${name}`);
  describe.skipIf(!available)(`while a command with network runs in a sandbox of ${name}`, () => {
    let sleeper: SpawnedProcess;
    beforeAll(async () => {
      sleeper = await start(["/bin/sleep", "60"], await holder());
    });
    afterAll(async () => {
      sleeper.killTree();
      await sleeper.treeGone;
    });

    test("another such command is refused by the server, with the reason", async () => {
      const before = server.connections.length;
      expect(await connectFrom(await holder())).toBe(
        "HTTP/1.1 403 Forbidden a command in a sandbox may not use the exec-server that runs it",
      );
      expect(server.connections.length).toBe(before);
    });

    test("one that asks and is gone before it can be looked at is refused as well", async () => {
      const before = server.connections.length;
      await connectFrom(await holder(), "leave");
      expect(await connectFrom()).toStartWith("HTTP/1.1 101 ");
      expect(server.connections.length).toBe(before + 1);
    });

    test("a crowd of them from threads with descriptors of their own is refused, and leaves the server its time", async () => {
      const before = server.connections.length;
      const crowd = await start(["/usr/bin/python3", "-c", crowdScript, String(server.port)], await holder());
      const [output] = crowd.outputs;
      expect(Buffer.from((await output?.read()) ?? []).toString()).toBe("begun\n");
      let longestMs = 0;
      for (let last = performance.now(), ended = false; !ended; last = performance.now()) {
        ended = await Promise.race([crowd.treeGone.then(() => true), Bun.sleep(1).then(() => false)]);
        longestMs = Math.max(longestMs, performance.now() - last);
      }
      const told = Buffer.from((await output?.read()) ?? []).toString();
      expect(told).toMatch(/^refused [1-9]\d* of the same\n$/);
      expect(server.connections.length).toBe(before);
      // The search of one peer alone took 10 ms at a stretch, and the next followed at once.
      expect(longestMs).toBeLessThan(500);
      expect(await connectFrom()).toStartWith("HTTP/1.1 101 ");
    });

    test("a command without a sandbox is let in", async () => {
      expect(await connectFrom()).toStartWith("HTTP/1.1 101 ");
    });
  });
}
