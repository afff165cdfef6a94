import { beforeAll, describe, expect, test } from "bun:test";
import { dirname } from "node:path";
import type { SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { fixtureTree } from "../bubblewrap/fixture-tree.ts";
import { plan, rule } from "../bubblewrap/hand-made-plan.ts";
import { hasLandlock, runLandlock } from "./run-landlock.ts";

const readOnly = plan("read", []);

beforeAll(async () => {
  if (hasLandlock) await runLandlock(readOnly, ["true"]);
}, 120_000);

/** What a shell script says inside, errors included. */
async function say(sandbox: SandboxPlan, script: string): Promise<string> {
  const { out, err } = await runLandlock(sandbox, ["/bin/sh", "-c", `exec 2>&1; ${script}`]);
  expect(err).toBe("");
  return out.trim();
}

describe.if(hasLandlock)("a landlocked program", () => {
  test("reads the whole disk and writes nowhere on it", async () => {
    using tree = await fixtureTree();
    const { out } = await runLandlock(readOnly, [tree.program, ...tree.paths, "/etc/passwd", "/tmp"]);
    const seen = new Set(out.trim().split("\n"));
    // A directory's writer gets EACCES, as does a file's.
    expect(seen).toEqual(new Set(["0 13"]));
  });

  test("writes where it may, there alone, and everything that a directory takes", async () => {
    using tree = await fixtureTree();
    const ws = `${tree.root}/ws`;
    const sandbox = plan("read", [
      rule(ws, "write"),
      rule(`${tree.root}/out/o.txt`, "write", { stands: "file" }),
    ]);
    const script = `cd ${ws}; mkdir d; echo x > d/f; mv d/f g; ln -s g l; ln g sub/h; mkfifo p; rm -r d l g p sub/h; echo y >> ${tree.root}/out/o.txt; : > ${tree.root}/out/o.txt; echo z > ${tree.root}/out/new; ls`;
    expect(await say(sandbox, script)).toBe(
      [
        `/bin/sh: 1: cannot create ${tree.root}/out/new: Permission denied`,
        "a.txt",
        "priv",
        "ro",
        "sub",
      ].join("\n"),
    );
  });

  test("sees only what is granted where nothing else is", async () => {
    using tree = await fixtureTree();
    const sandbox = plan("nothing", [
      rule(dirname(tree.program), "read"),
      rule(`${tree.root}/ws/sub`, "read"),
    ]);
    const paths = [
      `${tree.root}/ws/sub/y.txt`,
      `${tree.root}/ws/a.txt`,
      "/etc/passwd",
      "/",
      "/proc/1/cmdline",
    ];
    const { out } = await runLandlock(sandbox, [tree.program, ...paths]);
    expect(out).toBe("0 13\n13 13\n13 13\n13 13\n13 13\n");
  });

  test("changes no metadata: no right of Landlock stands for that", async () => {
    using tree = await fixtureTree();
    const file = `${tree.root}/ws/a.txt`;
    const said = await say(
      readOnly,
      `chmod 600 ${file}; touch -m -d @0 ${file}; chgrp 1 ${file}; chattr +d ${file}`,
    );
    expect(
      said
        .split("\n")
        .slice(0, 3)
        .map((line) => line.split(": ").at(-1)),
    ).toEqual([
      "Operation not permitted",
      expect.stringMatching(/Permission denied|Operation not permitted/),
      "Operation not permitted",
    ]);
  });

  test("reads no environment and no memory of a process outside, and ends none", async () => {
    const outside = Bun.spawn(["/bin/sh", "-c", "echo up; read nothing"], {
      env: { SECRET_OF_THE_HOST: "1" },
      stdin: "pipe",
    });
    await outside.stdout.getReader().read();
    try {
      const of = `/proc/${outside.pid}`;
      // The same account could, outside.
      expect(await Bun.file(`${of}/environ`).text()).toContain("SECRET");
      for (const name of ["environ", "maps", "mem", "auxv", "fd/0", "cwd/etc/passwd"]) {
        expect(await say(readOnly, `cat ${of}/${name}`)).toContain("Permission denied");
      }
      expect(await say(readOnly, "OWN=1 cat /proc/self/environ | tr '\\0' '\\n' | grep ^OWN=")).toBe("OWN=1");
      expect(await say(readOnly, `kill -9 ${outside.pid}`)).toContain("Operation not permitted");
      expect(await say(readOnly, `prlimit --pid ${outside.pid} --cpu=1`)).toContain(
        "Operation not permitted",
      );
      expect(await say(readOnly, `renice -n 5 -p ${outside.pid}`)).toContain("Operation not permitted");
      expect(outside.killed).toBe(false);
      // Its own children it ends.
      expect(await say(readOnly, "sleep 60 & kill $!; wait $!; echo $?")).toEndWith("143");
    } finally {
      outside.kill();
      await outside.exited;
    }
  });

  test("opens harmless devices, and neither terminals nor disks of the host", async () => {
    expect(
      await say(
        readOnly,
        "echo x > /dev/null && head -c 3 /dev/zero | wc -c && head -c 1 /dev/urandom | wc -c",
      ),
    ).toBe("3\n1");
    expect(await say(readOnly, "exec 3<> /dev/ptmx")).toContain("Permission denied");
    expect(
      await say(
        readOnly,
        "for disk in $(ls -d /dev/*da /dev/*db 2> /dev/null); do cat $disk && echo read; done",
      ),
    ).not.toContain("read\n");
  });

  test("connects to nothing, by TCP and by sockets of the host", async () => {
    const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    try {
      const script = `import socket
for make in (lambda: socket.create_connection(("127.0.0.1", ${server.port})), lambda: socket.socket(socket.AF_UNIX).connect("\\0x"), lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)):
    try: make(); print("made")
    except OSError as error: print(error.errno)`;
      expect(await say(readOnly, `python3 -c '${script}'`)).toBe("1\n1\n1");
    } finally {
      server.stop(true);
    }
  });

  test("runs ordinary programs", async () => {
    expect(
      await say(
        readOnly,
        `python3 -c 'import threading; t = threading.Thread(target=print, args=("thread",)); t.start()'`,
      ),
    ).toBe("thread");
    const { out, code } = await runLandlock(readOnly, [
      process.execPath,
      "-e",
      "console.log(await Bun.file('/etc/passwd').exists())",
    ]);
    expect([out, code]).toEqual(["true\n", 0]);
  });

  test("starts Bun where nothing but its own directories is granted, when it judges by itself", async () => {
    const granted = ["/usr", "/etc", dirname(process.execPath)].map((path) => rule(path, "read"));
    const script = "console.log(require('node:fs').existsSync('/usr')); require('node:fs').readdirSync('/')";
    const { out, err, code } = await runLandlock(plan("nothing", granted), [process.execPath, "-e", script], {
      judged: true,
    });
    expect([out, code]).toEqual(["true\n", 1]);
    expect(err).toContain("EACCES");
  });

  test("is held as a plain user as well, who needs no privilege for it", async () => {
    using tree = await fixtureTree(process.geteuid?.() === 0);
    const ws = `${tree.root}/ws`;
    const paths = [`${ws}/a.txt`, `${ws}/sub`, `${tree.root}/out/o.txt`];
    const sandbox = plan("read", [rule(ws, "write")]);
    const { out, err } = await runLandlock(sandbox, [tree.program, ...paths], { asPlainUser: true });
    expect([out, err]).toEqual(["0 0\n0 0\n0 13\n", ""]);
    const changed = await runLandlock(sandbox, ["chmod", "600", `${ws}/a.txt`], { asPlainUser: true });
    expect(changed.err).toContain("Operation not permitted");
  });
});
