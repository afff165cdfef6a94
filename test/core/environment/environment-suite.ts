import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../../core/environment/environment.ts";
import { EnvironmentUnavailableError } from "../../../core/environment/environment-errors.ts";
import type { EnvironmentProcess, ProcessEvent, StartSpec } from "../../../core/process/process-backend.ts";

/** An environment under test; disposing ends what stands behind it. */
export interface OpenedEnvironment extends AsyncDisposable {
  readonly environment: Environment;
}

interface Ran {
  readonly process: EnvironmentProcess;
  readonly events: readonly ProcessEvent[];
  /** Everything, once it is closed or lost. */
  readonly over: Promise<void>;
}

const sh = (script: string, more: Partial<StartSpec> = {}): StartSpec => ({
  argv: ["/bin/sh", "-c", script],
  cwd: "file:///",
  env: {},
  inherit: "all",
  stdio: { kind: "pipes", stdin: false },
  ...more,
});

async function run({ processes }: Environment, spec: StartSpec): Promise<Ran> {
  const events: ProcessEvent[] = [];
  const over = Promise.withResolvers<void>();
  const process = await processes.start(spec, (event) => {
    events.push(event);
    if (event.kind === "closed" || event.kind === "lost") over.resolve();
    return undefined;
  });
  return { process, events, over: over.promise };
}

async function finish(environment: Environment, spec: StartSpec): Promise<readonly ProcessEvent[]> {
  const { events, over } = await run(environment, spec);
  await over;
  return events;
}

function text(events: readonly ProcessEvent[], stream: "stdout" | "stderr" | "pty"): string {
  const pieces = events.flatMap((event) =>
    event.kind === "output" && event.stream === stream ? event.bytes : [],
  );
  return Buffer.concat(pieces).toString();
}

function ending(events: readonly ProcessEvent[]): unknown {
  return events.filter(({ kind }) => kind !== "output");
}

const exited = (code: number) => [{ kind: "exited", status: { kind: "exited", code } }, { kind: "closed" }];

/** What every environment does, wherever it is. */
export function describeEnvironment(name: string, open: () => Promise<OpenedEnvironment>): void {
  describe(name, () => {
    let opened: OpenedEnvironment;
    let environment: Environment;
    let directory: string;
    beforeAll(async () => {
      opened = await open();
      environment = opened.environment;
      directory = mkdtempSync(join(tmpdir(), "codex-env-environment-"));
    });
    afterAll(async () => {
      await opened[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    });

    test("is unused until it is used, and serves all who come at once", async () => {
      expect(environment.state).toEqual({ kind: "unused" });
      const infos = await Promise.all(Array.from({ length: 5 }, () => environment.info()));
      expect(new Set(infos.map(({ shell }) => shell.path)).size).toBe(1);
      expect(environment.state).toEqual({ kind: "ready" });
    });

    test("tells its shell, directory and platform", async () => {
      const info = await environment.info();
      expect(info.shell.path).toStartWith("/");
      expect(info.cwd).toStartWith("file:///");
      expect(info.platformOs).toBe(process.platform);
    });

    test("runs a command and tells its output, exit code and end, in this order", async () => {
      const events = await finish(environment, sh("echo out; echo err >&2; exit 3"));
      expect([text(events, "stdout"), text(events, "stderr")]).toEqual(["out\n", "err\n"]);
      expect(ending(events)).toEqual(exited(3));
    });

    test("gives a command its directory, variables and name", async () => {
      const env = { PATH: process.env["PATH"] ?? "", VALUE: "ü b" };
      const spec = sh('echo "$0|$PWD|$VALUE|$HOME"', { cwd: "file:///usr", env, inherit: "none" });
      const named: StartSpec = { ...spec, argv: ["/bin/sh", "-c", 'echo "$0|$PWD|$VALUE|$HOME"', "me"] };
      expect(text(await finish(environment, named), "stdout")).toBe("me|/usr|ü b|\n");
    });

    test("carries stdin whole, and its end", async () => {
      const input = new Uint8Array(300_000).map((_, index) => (index * 31) & 255);
      const { process, events, over } = await run(environment, {
        ...sh(""),
        argv: ["cat"],
        stdio: { kind: "pipes", stdin: true },
      });
      await process.stdin.write(input);
      await process.stdin.end();
      await over;
      const output = events.flatMap((event) => (event.kind === "output" ? event.bytes : []));
      expect(Buffer.concat(output).equals(input)).toBe(true);
    });

    test("gives a command a terminal of the size asked for, and resizes it", async () => {
      const spec = sh("stty size; read line; stty size", { stdio: { kind: "pty", rows: 40, columns: 123 } });
      const { process, events, over } = await run(environment, spec);
      await process.resize({ rows: 41, columns: 99 });
      await process.stdin.write(new TextEncoder().encode("go\n"));
      await over;
      expect(
        text(events, "pty")
          .split(/\r?\n/)
          .filter((line) => /^\d+ \d+$/.test(line)),
      ).toContain("41 99");
      expect(process.tty).toBe(true);
    });

    test("sends signals, and ends a tree that ignores them", async () => {
      const polite = await run(environment, sh("trap 'exit 7' TERM; echo up; while :; do sleep 0.01; done"));
      while (text(polite.events, "stdout") === "") await Bun.sleep(5);
      await polite.process.signal("SIGTERM");
      await polite.over;
      expect(ending(polite.events)).toEqual(exited(7));
      const deaf = await run(environment, sh("trap '' TERM INT; setsid sleep 60 & wait"));
      expect(await deaf.process.terminate()).toBe(true);
      await deaf.over;
      expect(ending(deaf.events)).toEqual(exited(137));
      expect(await deaf.process.terminate()).toBe(false);
    });

    test("refuses a program that is not there with an error, and starts nothing", async () => {
      const error = await run(environment, { ...sh(""), argv: ["/no/such/program"] }).catch(
        (cause: unknown) => cause,
      );
      expect(error).toHaveProperty("name", "RpcError");
      expect(String(error)).toContain("No such file or directory");
    });

    test("reads and writes its files, and tells a missing one by its code", async () => {
      const path = join(directory, "file");
      await environment.files.writeFile(path, new TextEncoder().encode("content"));
      expect(new TextDecoder().decode(await environment.files.readFile(path))).toBe("content");
      const missing = (async () => await environment.files.readFile(join(directory, "missing")))();
      expect(await missing.catch((cause: unknown) => cause)).toHaveProperty("code", -32004);
    });

    // "" would be the root directory on a server, and a name would be another file here than there.
    test.each(["", "name", "./name", "file:///name"])(
      "refuses %j, which is no absolute path",
      async (path) => {
        const { files } = environment;
        const options = { recursive: false };
        const uses = [
          async () => await files.readFile(path),
          async () => await files.writeFile(path, new Uint8Array()),
          async () => await files.createDirectory(path),
          async () => await files.getMetadata(path),
          async () => await files.canonicalize(path),
          async () => await files.readDirectory(path),
          async () => await files.remove(path, options),
          async () => await files.copy(path, join(directory, "copied"), options),
          async () => await files.copy(directory, path, options),
          async () => await files.open(path, "read"),
        ];
        for (const use of uses) await expect(use()).rejects.toThrow(`"${path}" is not an absolute path`);
      },
    );

    test("shows a command the files that were written", async () => {
      await environment.files.createDirectory(join(directory, "sub"));
      await environment.files.writeFile(join(directory, "sub/x"), new Uint8Array([104, 105]));
      const events = await finish(environment, sh("cat x", { cwd: `file://${directory}/sub` }));
      expect(text(events, "stdout")).toBe("hi");
    });

    test("ends what runs when it is closed, and is not opened again", async () => {
      const { events, over } = await run(environment, sh("sleep 60"));
      await environment.close();
      await over;
      expect(events.at(-1)?.kind).toMatch(/^(closed|lost)$/);
      expect(environment.state).toEqual({ kind: "closed" });
      const late = [
        () => environment.info(),
        () => environment.files.readFile("/etc/hostname"),
        () => run(environment, sh("true")),
      ];
      for (const use of late) {
        const refusal = (async () => await use())().catch((cause: unknown) => cause);
        expect(await refusal).toBeInstanceOf(EnvironmentUnavailableError);
      }
    });
  });
}
