import { describe, expect, test } from "bun:test";
import { encodeStageBlob } from "../../../../core/sandbox/launch/stage-blob.ts";

const command = {
  argv: ["prog", "a", ""],
  arg0: "",
  cwd: "/c",
  env: [["N", "v"]],
  terminal: true,
  inherited: [7, 8],
  executable: 9,
} as const;

describe("a stage's blob", () => {
  test("is a head of 56 bytes and the command's strings", () => {
    const blob = Buffer.from(encodeStageBlob(command, {}));
    expect(blob.subarray(0, 32).toString("hex")).toBe(
      "31585347" + "03000000" + "03000000" + "01000000" + "02000000" + "00000000" + "00000000" + "00000000",
    );
    expect(blob.subarray(32, 56)).toEqual(Buffer.alloc(24));
    expect(blob.subarray(56).toString()).toBe("/c\0prog\0\0a\0\0N=v\0");
  });

  test("carries the filter, then the access of each Landlock rule, then their paths before the command", () => {
    const filter = new Uint8Array(16).fill(0xaa);
    const rules = [
      { path: "/usr", access: 5n },
      { path: "/tmp", access: 0x8000_0000_0000_0001n },
    ];
    const landlock = { handledFs: 0xffn, handledNet: 3n, scoped: 1n, rules };
    const blob = Buffer.from(encodeStageBlob(command, { filter, dropCapabilities: true, landlock }));
    expect([blob.readUInt32LE(4), blob.readUInt32LE(20), blob.readUInt32LE(24)]).toEqual([15, 2, 16]);
    expect([32, 40, 48].map((at) => blob.readBigUInt64LE(at))).toEqual([0xffn, 3n, 1n]);
    expect(blob.subarray(56, 72)).toEqual(Buffer.from(filter));
    expect([72, 80].map((at) => blob.readBigUInt64LE(at))).toEqual([5n, 0x8000_0000_0000_0001n]);
    expect(blob.subarray(88).toString()).toStartWith("/usr\0/tmp\0/c\0prog\0");
  });

  test("ends with the mounts, four strings each, a byte for each character", () => {
    const mounts = [
      { point: "/", readOnly: true, required: true, root: "/", system: "8:1" },
      { point: "/\xff", readOnly: false, required: false, root: "#7", system: "tmpfs" },
    ];
    const blob = Buffer.from(encodeStageBlob(command, { mounts }));
    expect(blob.readUInt32LE(28)).toBe(2);
    expect(blob.toString("latin1")).toEndWith("N=v\0/\x003\0/\x008:1\0/\xff\x000\0#7\0tmpfs\0");
  });

  test("keeps the bytes of a directory's name that is not UTF-8", () => {
    const cwd = Buffer.from([0x2f, 0xff, 0xfe]);
    expect(Buffer.from(encodeStageBlob({ ...command, cwd }, {})).subarray(56, 60)).toEqual(
      Buffer.from([0x2f, 0xff, 0xfe, 0]),
    );
  });
});
