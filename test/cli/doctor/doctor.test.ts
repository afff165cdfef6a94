import { expect, test } from "bun:test";
import { renderDiagnosis } from "../../../cli/doctor/render-diagnosis.ts";
import { ourCli } from "../../support/our-cli.ts";

async function doctor(words: readonly string[], before: readonly string[] = []) {
  const child = Bun.spawn([...before, ...ourCli(["doctor", ...words])], { stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, stdout, stderr };
}

/** A system of its own, in which a setting forbids what a sandbox needs. */
const without = (preparation: string): readonly string[] => [
  ...["unshare", "-Urm", "sh", "-c", `${preparation} && exec "$@"`, "sh"],
];

test("where sandboxes can be made it exits 0, and a person reads that they will run", async () => {
  const { code, stdout, stderr } = await doctor([]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^ok +a command in a sandbox +ran one, held by bubblewrap$/m);
  expect(stdout).toEndWith("holds it.\n");
  expect(stdout).not.toContain("\u001b");
});

test("as JSON it names every check, its state and its finding", async () => {
  const { code, stdout } = await doctor(["--json"]);
  const found = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(found).toMatchObject({ mechanism: "bubblewrap", sandboxedWorkRuns: true });
  const ids: readonly string[] = found.checks.map(({ id }: { id: string }) => id);
  expect(ids).toEqual([
    "bubblewrap",
    "bundledBubblewrap",
    "userNamespaces",
    "networkNamespaces",
    "procMount",
    "namespaceLimits",
    "appArmor",
    "seccomp",
    "noNewPrivileges",
    "landlock",
    "yama",
    "cgroup",
    "pty",
    "groupSignals",
    "guardian",
    "sandboxedCommand",
  ]);
});

test.each([
  [
    "user namespaces",
    "echo 0 >/proc/sys/user/max_user_namespaces",
    "userNamespaces",
    "sysctl -w user.max_user_namespaces=10000",
  ],
  [
    "network namespaces",
    "echo 0 >/proc/sys/user/max_net_namespaces",
    "networkNamespaces",
    "sysctl -w user.max_net_namespaces=10000",
  ],
  ["a /proc of its own", "mount -t tmpfs none /proc/fs", "procMount", "have /proc unmasked"],
])("where %s are refused it exits 1 and tells the cure", async (_, preparation, id, cure) => {
  const { code, stdout } = await doctor(["--json"], without(preparation));
  const found = JSON.parse(stdout);
  expect(code).toBe(1);
  expect(found.sandboxedWorkRuns).toBe(false);
  const check = found.checks.find((candidate: { id: string }) => candidate.id === id);
  expect(check.state).toBe("fails");
  expect(check.cure).toContain(cure);
});

test("with Landlock alone it names the modes that run and those that are refused", async () => {
  const { stdout } = await doctor(["--json"], without("echo 0 >/proc/sys/user/max_user_namespaces"));
  const { mechanism, verdict } = JSON.parse(stdout);
  expect(mechanism).toBe("landlock");
  expect(verdict).toMatch(
    /read-only runs, held by Landlock; workspace-write is refused: Landlock cannot make \./,
  );
});

test("inside a sandbox it says what runs there: read-only sandboxes, and commands without one", async () => {
  const around = ourCli(["sandbox", "--mode", "workspace-write", "--"]);
  const { code, stdout } = await doctor(["--json"], around);
  const { verdict, checks } = JSON.parse(stdout);
  const without = checks.find((check: { id: string }) => check.id === "guardian");
  expect({ code, state: without.state }).toEqual({ code: 1, state: "ok" });
  expect(verdict).not.toContain("Commands cannot be run");
  expect(verdict).toMatch(
    /^Only some sandboxed work will run: read-only runs, held by Landlock; workspace-write is /,
  );
  expect(verdict).toContain("this process already runs in a sandbox of codex-env");
});

test("what fails is red on a terminal, and its cure stands below it", () => {
  const diagnosis = {
    mechanism: "none",
    sandboxedWorkRuns: false,
    verdict: "None will run.",
    checks: [
      { id: "a", title: "one", state: "ok", finding: "fine" },
      { id: "b", title: "the other", state: "fails", finding: "broken\u001b[2J", cure: "mend it" },
    ],
  } as const;
  expect(renderDiagnosis(diagnosis, false)).toBe(
    "ok     one        fine\nFAILS  the other  broken\\e[2J\n                  cure: mend it\n\nNone will run.\n",
  );
  expect(renderDiagnosis(diagnosis, true)).toContain("\u001b[31mFAILS\u001b[0m  the other");
});
