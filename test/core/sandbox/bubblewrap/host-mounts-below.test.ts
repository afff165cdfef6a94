import { describe, expect, test } from "bun:test";
import { type HostMount, hostMounts } from "../../../../core/sandbox/bubblewrap/host-mounts.ts";
import type { PathRule } from "../../../../core/sandbox/plan/sandbox-plan.ts";
import { fixtureTree } from "./fixture-tree.ts";
import { plan, rule } from "./hand-made-plan.ts";
import { runBubblewrap } from "./run-bubblewrap.ts";

const canMount = process.geteuid?.() === 0 && Bun.spawnSync(["unshare", "--mount", "true"]).exitCode === 0;
if (!canMount) console.log("skipped: mounts cannot be made here");

const usr = [
  rule("/usr", "read"),
  ...["bin", "lib", "lib64"].map((name) => rule(`/${name}`, "read", { stands: "link" })),
];
const links = ["bin", "lib", "lib64"].map((name) => ({
  path: `/${name}`,
  target: `usr/${name}`,
  replaceable: false,
}));

/** Writes into what the host has mounted in the workspace: one that can be written to, one that cannot, one below the first. */
async function written(disk: "read" | "write" | "nothing", rules: (ws: string) => readonly PathRule[]) {
  using tree = await fixtureTree();
  const ws = `${tree.root}/ws`;
  const points = [`${ws}/sub`, `${ws}/ro`, `${ws}/sub/below`];
  const mount = 'mount -t tmpfs one "$1"; mkdir "$1/below"; mount -t tmpfs three "$1/below"';
  const script = `${mount}; mount -t tmpfs -o ro two "$2"; shift 2; exec "$@"`;
  const mounted: HostMount = { point: "", root: "/", device: "0:0", type: "tmpfs" };
  const visible = new Map([
    ...hostMounts().visible,
    ...points.map((point) => [point, { ...mounted, point }] as const),
  ]);
  const attempt = 'for at in "$@"; do touch "$at/new" 2>/dev/null && echo yes || echo no; done';
  const { out, err } = runBubblewrap({
    plan: plan(disk, [...(disk === "nothing" ? usr : []), ...rules(ws)], { links }),
    argv: ["/bin/sh", "-c", attempt, "sh", ws, ...points],
    folder: tree.folder,
    before: ["unshare", "--mount", "sh", "-c", script, "sh", `${ws}/sub`, `${ws}/ro`],
    host: { visible },
  });
  expect(err).toBe("");
  return out.trim().split("\n").join(" ");
}

describe.if(canMount).each(["read", "write", "nothing"] as const)(
  "what the host has mounted, disk %s,",
  (disk) => {
    test("below what is writable is as open as the host has it", async () => {
      expect(await written(disk, (ws) => [rule(ws, "write")])).toBe("yes yes no yes");
    });

    test("below what is only read is closed", async () => {
      expect(await written(disk, (ws) => [rule(ws, "read")])).toBe("no no no no");
    });

    test("below what is only read is open again where it is opened again", async () => {
      expect(await written(disk, (ws) => [rule(ws, "read"), rule(`${ws}/sub/below`, "write")])).toBe(
        "no no no yes",
      );
    });

    test("below what is writable is closed where something is only read", async () => {
      expect(await written(disk, (ws) => [rule(ws, "write"), rule(`${ws}/sub`, "read")])).toBe(
        "yes no no no",
      );
    });
  },
);
