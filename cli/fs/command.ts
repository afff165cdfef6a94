import { command } from "../command.ts";

export default command({
  name: "codex-env fs",
  summary: "Run one filesystem request that comes as JSON on stdin",
  args: {},
  notes: [
    'Reads one request up to the end of stdin, runs it with the rights of this process, and prints the answer as one line: {"status":"ok",...} or {"status":"error",...}, both with exit code 0. What is no request exits 1.',
    "A server starts this same program under the name codex-fs, inside a sandbox.",
  ],
  examples: [
    `echo '{"operation":"fs/readFile","params":{"path":"file:///etc/hostname"}}' |`,
    "  codex-env fs",
  ],
  async run() {
    const { runHelper } = await import("../../core/filesystem/sandboxed/helper/run-helper.ts");
    return await runHelper();
  },
});
