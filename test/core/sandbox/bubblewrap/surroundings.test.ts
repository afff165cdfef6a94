import { describe, expect, test } from "bun:test";
import { readFileSync, readlinkSync } from "node:fs";
import type { SandboxPlan } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { fixtureTree } from "./fixture-tree.ts";
import { plan, rule } from "./hand-made-plan.ts";
import { runBubblewrap } from "./run-bubblewrap.ts";

/** What a shell script says inside; its errors are part of that. */
async function say(sandbox: SandboxPlan, script: string): Promise<string> {
  using tree = await fixtureTree();
  const { out, err } = runBubblewrap({
    plan: sandbox,
    argv: ["/bin/sh", "-c", `exec 2>&1; ${script}`],
    folder: tree.folder,
  });
  expect(err).toBe("");
  return out.trim();
}

const readOnly = plan("read", []);
const everything = plan("write", []);

describe("a sandboxed program", () => {
  for (const [disk, sandbox] of [
    ["read", readOnly],
    ["write", everything],
  ] as const) {
    test(`has no capabilities, cannot gain any, and runs under a filter: disk ${disk}`, async () => {
      const status = await say(sandbox, "cat /proc/self/status");
      expect(status).toMatch(/^CapEff:\t0+$/m);
      expect(status).toMatch(/^CapPrm:\t0+$/m);
      expect(status).toMatch(/^CapBnd:\t0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
      expect(status).toMatch(/^Seccomp:\t2$/m);
    });

    test(`is in namespaces of its own: disk ${disk}`, async () => {
      const names = ["user", "pid", "ipc", "uts", "cgroup", "net", "mnt"];
      const inside = (
        await say(sandbox, names.map((name) => `readlink /proc/self/ns/${name}`).join(";"))
      ).split("\n");
      for (const [index, name] of names.entries()) {
        expect(inside[index]).toStartWith(`${name}:`);
        expect(inside[index]).not.toBe(readlinkSync(`/proc/self/ns/${name}`));
      }
    });

    test(`sees no process of the host: disk ${disk}`, async () => {
      const seen = (await say(sandbox, "echo /proc/[0-9]*")).split(" ");
      expect(seen.length).toBeLessThan(4);
      expect(await say(sandbox, "kill -0 2 || echo none")).toContain("none");
    });

    test(`sets nothing of the kernel: disk ${disk}`, async () => {
      const before = readFileSync("/proc/sys/kernel/core_pattern", "utf8");
      const paths = ["/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sys/vm/swappiness"];
      for (const path of paths)
        expect(await say(sandbox, `echo 1 > ${path}`)).toContain("Read-only file system");
      expect(await say(sandbox, "echo 1 > /sys/kernel/profiling")).toContain("Read-only file system");
      expect(readFileSync("/proc/sys/kernel/core_pattern", "utf8")).toBe(before);
    });

    test(`writes to nothing in /proc that is the host's: disk ${disk}`, async () => {
      const own =
        "-path '/proc/[0-9]*' -o -path /proc/self -o -path /proc/thread-self -o -path /proc/pressure";
      expect(await say(sandbox, `find /proc -xdev \\( ${own} \\) -prune -o -type f -writable -print`)).toBe(
        "",
      );
    });

    test(`has devices that reach nobody, and makes none: disk ${disk}`, async () => {
      expect(
        await say(
          sandbox,
          "echo x > /dev/null; head -c 2 /dev/zero | wc -c; test -r /dev/urandom && echo yes",
        ),
      ).toBe("2\nyes");
      expect(await say(sandbox, "echo x > /dev/made")).toContain("Read-only file system");
      expect(await say(sandbox, "mknod /dev/shm/sda b 8 0")).toContain("Operation not permitted");
      expect(await say(sandbox, "ls /dev/pts")).toBe("ptmx");
    });
  }

  test("has shared memory of its own, which ends with it", async () => {
    expect(await say(readOnly, "echo mine > /dev/shm/of-a-test; cat /dev/shm/of-a-test")).toBe("mine");
    expect(await say(readOnly, "cat /dev/shm/of-a-test")).toContain("No such file");
  });

  test("has the host's shared memory where the whole disk is writable", async () => {
    expect(
      await say(
        everything,
        "echo x > /dev/shm/of-a-test; stat -c %n /dev/shm/of-a-test; rm /dev/shm/of-a-test",
      ),
    ).toBe("/dev/shm/of-a-test");
    expect(await say(everything, "cd /dev/shm; pwd")).toBe("/dev/shm");
  });

  test("has the host's network only where it is open", async () => {
    const devices = "grep -c : /proc/net/dev";
    expect(await say(readOnly, devices)).toBe("1");
    const inside = await say({ ...readOnly, network: "enabled" }, "readlink /proc/self/ns/net");
    expect(inside).toBe(readlinkSync("/proc/self/ns/net"));
  });

  test("writes nowhere beside what is granted: a root that is its own ends read-only", async () => {
    const minimal = plan("nothing", [rule("/usr", "read"), rule("/etc", "read")], {
      links: ["bin", "lib", "lib64", "sbin"].map((name) => ({
        path: `/${name}`,
        target: `usr/${name}`,
        replaceable: false,
      })),
    });
    expect(await say(minimal, "echo x > /made; mkdir /tmp; echo /*")).toBe(
      [
        "/bin/sh: 1: cannot create /made: Read-only file system",
        "mkdir: cannot create directory '/tmp': Read-only file system",
        "/bin /dev /etc /lib /lib64 /proc /sbin /usr",
      ].join("\n"),
    );
  });

  test("keeps its own /proc whatever the profile grants of it", async () => {
    const sandbox = plan("read", [rule("/proc", "write"), rule("/proc/1", "read")]);
    expect((await say(sandbox, "echo /proc/[0-9]*")).split(" ").length).toBeLessThan(4);
    const masked = plan("read", [rule("/proc/cpuinfo", "deny", { stands: "file" })]);
    expect(await say(masked, "cat /proc/cpuinfo")).toContain("Permission denied");
  });
});
