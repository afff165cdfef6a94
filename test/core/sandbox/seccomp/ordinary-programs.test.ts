import { describe, expect, test } from "bun:test";
import { seccompProgram } from "../../../../core/sandbox/seccomp/seccomp-program.ts";
import { root } from "../../../../scripts/root.ts";
import { builtBinary } from "../../../support/built-binary.ts";
import { underFilter } from "./under-filter.ts";

const machine = process.arch === "arm64" ? "arm64" : "x64";

const threads = `
import threading, subprocess, socket, array, os, tempfile, multiprocessing.pool
seen = []
workers = [threading.Thread(target=lambda n=n: seen.append(n)) for n in range(8)]
[w.start() for w in workers]; [w.join() for w in workers]
ours, theirs = socket.socketpair()
file = tempfile.TemporaryFile()
socket.send_fds(ours, [b"x"], [file.fileno()])
message, fds, *_ = socket.recv_fds(theirs, 1, 1)
print(len(seen), subprocess.check_output(["cat"], input=b"piped").decode(), message.decode(), len(fds))
`;

const javascript = `
const { spawnSync, spawn } = require("node:child_process");
const { Worker } = require("node:worker_threads");
const fs = require("node:fs");
const child = spawn("cat");
child.stdin.end("piped");
child.stdout.on("data", async (text) => {
  const worker = new Worker("require('node:worker_threads').parentPort.postMessage('worked')", { eval: true });
  worker.on("message", async (word) => {
    const stat = await fs.promises.stat("/");
    setTimeout(() => { console.log(String(text), word, stat.isDirectory(), String(spawnSync("echo", ["sync"]).stdout).trim()); process.exit(0); }, 1);
  });
});
`;

const programs: readonly (readonly [name: string, argv: readonly string[], says: string])[] = [
  [
    "a pipeline of bash",
    ["bash", "-c", "TMPDIR=/var/tmp; seq 3 | sort -r | (read a; echo $a $(echo sub)) & wait"],
    "3 sub\n",
  ],
  ["a job of bash that a signal ends", ["bash", "-c", "sleep 9 & kill %1; wait %1; echo $?"], "143\n"],
  ["git", ["git", "--git-dir", `${root}/.git`, "rev-parse", "--is-bare-repository"], "false\n"],
  ["Python with threads, children and descriptors passed on", ["python3", "-c", threads], "8 piped x 1\n"],
  ["Bun with workers and children", [process.execPath, "-e", javascript], "piped worked true sync\n"],
  ["Node with workers and children", ["node", "-e", javascript], "piped worked true sync\n"],
];

describe("under the filter", () => {
  for (const network of ["restricted", "enabled"] as const) {
    const filter = seccompProgram(network, machine);
    for (const [name, argv, says] of programs) {
      const isThere = Bun.which(argv[0] ?? "") !== null;
      if (!isThere) console.error(`${argv[0]} is not installed: it is not tried under the filter`);
      test.if(isThere)(`${name} works: ${network}`, () => {
        expect(underFilter(filter, argv)).toMatchObject({ out: says, code: 0 });
      });
    }

    test(`our own program starts: ${network}`, () => {
      const { out, code } = underFilter(filter, [builtBinary, "--help"]);
      expect([out.includes("codex-env"), code]).toEqual([true, 0]);
    });
  }
});
