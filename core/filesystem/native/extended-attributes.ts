import { dlopen, FFIType } from "bun:ffi";

const signatures = {
  flistxattr: { args: [FFIType.i32, FFIType.ptr, FFIType.u64], returns: FFIType.i64_fast },
  fgetxattr: { args: [FFIType.i32, FFIType.ptr, FFIType.ptr, FFIType.u64], returns: FFIType.i64_fast },
} as const;

/** glibc's name, and musl's by machine type. */
const libraryNames = ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`];

type Symbols = ReturnType<typeof dlopen<typeof signatures>>["symbols"];
let library: Symbols | null | undefined;

/** Loaded at the first use: a server that writes no file does not pay for it. Null where there is no such library. */
function symbols(): Symbols | null {
  if (library === undefined) library = process.platform === "linux" ? load() : null;
  return library;
}

function load(): Symbols | null {
  for (const name of libraryNames) {
    try {
      return dlopen(name, signatures).symbols;
    } catch {
      // The other C library's name is next.
    }
  }
  return null;
}

/**
 * Both files carry the same extended attributes (POSIX ACLs are such). Most carry none at all. Where a file system has
 * none, the count is -1 (ENOTSUP) for both. A SELinux label is on every file of a host that has it, so values count.
 */
export function sameAttributes(one: number, other: number): boolean {
  const calls = symbols();
  // What cannot be compared is not the same: the file is then written in place.
  if (calls === null) return false;
  const sizes = [Number(calls.flistxattr(one, null, 0)), Number(calls.flistxattr(other, null, 0))] as const;
  if (sizes[0] <= 0 && sizes[1] <= 0) return true;
  if (sizes[0] !== sizes[1]) return false;
  const names = listNames(calls, one, sizes[0]);
  if (names === null || names !== listNames(calls, other, sizes[1])) return false;
  return names.split("\0").every((name) => name === "" || sameValue(calls, name, [one, other]));
}

/** Null: the list changed meanwhile. */
function listNames(calls: Symbols, descriptor: number, size: number): string | null {
  const names = Buffer.alloc(size);
  return Number(calls.flistxattr(descriptor, names, size)) === size ? names.toString("latin1") : null;
}

function sameValue(calls: Symbols, name: string, descriptors: readonly [number, number]): boolean {
  const cName = Buffer.from(`${name}\0`, "latin1");
  const [one, other] = descriptors.map((descriptor) => {
    const value = Buffer.alloc(valueBytes);
    const size = Number(calls.fgetxattr(descriptor, cName, value, valueBytes));
    return size < 0 ? null : value.subarray(0, size);
  });
  return one != null && other != null && one.equals(other);
}

/** The kernel's limit of one value. */
const valueBytes = 64 * 1024;
