import { describe, expect, test } from "bun:test";
import { lstatSync } from "node:fs";
import { expectedMounts } from "../../../../core/sandbox/bubblewrap/expected-mounts.ts";
import { type HostMounts, visibleMounts } from "../../../../core/sandbox/bubblewrap/host-mounts.ts";

const host = (...lines: readonly string[]): HostMounts => ({
  visible: visibleMounts(`${lines.join("\n")}\n`),
});
const root = "27 1 8:1 / / rw,relatime - ext4 /dev/sda rw";

/** "point root system", with `ro` and `must` as they are. */
function told(words: readonly string[], mounts: HostMounts): readonly string[] {
  return expectedMounts(words, mounts).map(({ point, root: from, system, readOnly, required }) =>
    [point, from, system, ...(readOnly ? ["ro"] : []), ...(required ? ["must"] : [])].join(" "),
  );
}

describe("the host's mounts that can be seen", () => {
  test("are the uppermost ones, whatever the order of the lines", () => {
    const lines = [
      "30 29 0:30 / /a/b/c rw - tmpfs under rw",
      "29 27 0:29 / /a/b rw - tmpfs covered rw",
      "32 31 0:32 / /a rw shared:7 master:1 - tmpfs top rw",
      "31 27 0:31 / /a rw - tmpfs below rw",
      root,
      "33 27 0:33 / /a-b rw - tmpfs beside rw",
    ];
    const { visible } = host(...lines);
    expect([...visible].map(([point, { device }]) => `${point} ${device}`)).toEqual([
      "/ 8:1",
      "/a 0:32",
      "/a-b 0:33",
    ]);
  });

  test("begin with what stands on the first root file system", () => {
    const { visible } = host("1 1 0:2 / / rw - rootfs rootfs rw", "27 1 8:1 / / rw - ext4 /dev/sda rw");
    expect(visible.get("/")?.device).toBe("8:1");
  });
});

describe("what has to be mounted", () => {
  test("comes with what the host has mounted below it, as open as the bind is", () => {
    const mounts = host(
      root,
      "28 27 8:2 /@home /home rw - btrfs /dev/sdb rw",
      "29 28 8:3 / /home/u/usb rw - vfat /dev/sdc rw",
    );
    expect(
      told(
        ["--ro-bind", "/", "/", "--bind", "/home/u", "/home/u", "--ro-bind", "/home/u/w", "/home/u/w"],
        mounts,
      ),
    ).toEqual([
      "/ / 8:1 ro must",
      "/home /@home 8:2 ro",
      "/home/u /@home/u 8:2 must",
      "/home/u/usb / 8:3",
      "/home/u/w /@home/u/w 8:2 ro must",
    ]);
  });

  test("is told as the kernel writes it", () => {
    const mounts = host(root, "28 27 8:2 / /with\\040blank rw - ext4 /dev/sdb rw");
    expect(told(["--bind", "/with blank/ü\\", "/with blank/ü\\"], mounts)).toEqual([
      "/with\\040blank/\u00c3\u00bc\\134 /\u00c3\u00bc\\134 8:2 must",
    ]);
  });

  test("is told by its inode where the file system names no root", () => {
    const mounts = host(root, "28 27 0:50 / /usr rw - nfs4 server:/usr rw");
    expect(told(["--bind", "/usr/bin", "/usr/bin"], mounts)).toEqual([
      `/usr/bin #${lstatSync("/usr/bin").ino} 0:50 must`,
    ]);
  });

  test("has a mask where one was put over a mount, and is closed where it is closed afterwards", () => {
    const mounts = host(root, "28 27 8:2 / /m rw - ext4 /dev/sdb rw");
    expect(
      told(["--bind", "/", "/", "--perms", "000", "--tmpfs", "/m", "--remount-ro", "/m"], mounts),
    ).toEqual(["/ / 8:1 must", "/m / tmpfs ro must"]);
  });

  test("is not told where the host's own mounts are not", () => {
    expect(() => told(["--bind", "/w", "/w"], host())).toThrow("it cannot be told what is mounted at /w");
  });
});
