import { expect, test } from "bun:test";
import { visibleMounts } from "../../../../core/sandbox/bubblewrap/host-mounts.ts";
import { placeFinder } from "../../../../core/sandbox/host/other-places.ts";

const root = "27 1 8:1 / / rw,relatime - ext4 /dev/sda rw";

function finder(...lines: readonly string[]) {
  return placeFinder(() => ({ visible: visibleMounts(`${[root, ...lines].join("\n")}\n`) }));
}

test("a directory is also where it is mounted once more, and where what is above it is", () => {
  const find = finder(
    "30 27 8:1 /home/u/ws /workspace rw - ext4 /dev/sda rw",
    "31 27 8:1 / /mnt/distro rw - ext4 /dev/sda rw",
  );
  expect(find("/home/u/ws/priv")).toEqual([
    { path: "/mnt/distro/home/u/ws/priv", shows: "" },
    { path: "/workspace/priv", shows: "" },
  ]);
  expect(find("/workspace")).toEqual([
    { path: "/home/u/ws", shows: "" },
    { path: "/mnt/distro/home/u/ws", shows: "" },
  ]);
  expect(find("/home/u/ws-beside")).toEqual([{ path: "/mnt/distro/home/u/ws-beside", shows: "" }]);
});

test("a part of a directory that is mounted elsewhere is told with the way down to it", () => {
  const find = finder("30 27 8:1 /home/u/ws/deep/er /srv rw - ext4 /dev/sda rw");
  expect(find("/home/u/ws")).toEqual([{ path: "/srv", shows: "/deep/er" }]);
});

test("what another mount covers is no place of it", () => {
  const find = finder(
    "30 27 8:1 /home /other rw - ext4 /dev/sda rw",
    "31 30 0:40 / /other/u rw - tmpfs tmpfs rw",
  );
  expect(find("/home/u/x")).toEqual([]);
  expect(find("/home/v")).toEqual([{ path: "/other/v", shows: "" }]);
});

test("names are told as they are, not as the kernel lists them", () => {
  const find = finder("30 27 8:1 /a\\040b /c\\134d rw - ext4 /dev/sda rw");
  expect(find("/a b/x")).toEqual([{ path: "/c\\d/x", shows: "" }]);
  expect(find("/")).toEqual([{ path: "/c\\d", shows: "/a b" }]);
});

test("other file systems, and those that say the same of every mount, have no other places", () => {
  const find = finder(
    "30 27 8:2 / /data rw - ext4 /dev/sdb rw",
    "31 27 0:50 / /nfs rw - nfs4 server:/a rw",
    "32 27 0:50 / /nfs2 rw - nfs4 server:/b rw",
  );
  expect(find("/data/x")).toEqual([]);
  expect(find("/nfs/x")).toEqual([]);
});
