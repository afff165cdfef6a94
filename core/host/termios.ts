import { dlopen, FFIType as T } from "bun:ffi";

const symbols = {
  tcgetattr: { args: [T.i32, T.ptr], returns: T.i32 },
  tcsetattr: { args: [T.i32, T.i32, T.ptr], returns: T.i32 },
  cfmakeraw: { args: [T.ptr], returns: T.void },
} as const;

const libraryNames: Readonly<Record<string, readonly string[]>> = {
  linux: ["libc.so.6", process.arch === "arm64" ? "libc.musl-aarch64.so.1" : "libc.musl-x86_64.so.1"],
  darwin: ["libSystem.B.dylib"],
};
/** More than `struct termios` takes anywhere (60 bytes on Linux, 72 on macOS); its fields are never looked at. */
const structBytes = 256;
/** TCSADRAIN: after what was written has been shown. The same number everywhere. */
const afterOutput = 1;

/** The settings of a terminal, as an opaque copy. */
export type TerminalSettings = Uint8Array;

let opened: ReturnType<typeof open> | undefined;

function open() {
  let failure: unknown;
  for (const name of libraryNames[process.platform] ?? []) {
    try {
      return dlopen(name, symbols).symbols;
    } catch (error) {
      failure = error;
    }
  }
  throw new Error("cannot open the C library", { cause: failure });
}

/** The settings of the terminal on `fd`, or undefined where there is none. */
export function readTerminalSettings(fd: number): TerminalSettings | undefined {
  opened ??= open();
  const settings = new Uint8Array(new ArrayBuffer(structBytes));
  return opened.tcgetattr(fd, settings) === 0 ? settings : undefined;
}

/** The same settings with everything off that touches bytes on their way: no echo, no signals, no line ends. */
export function rawSettings(settings: TerminalSettings): TerminalSettings {
  opened ??= open();
  const raw = new Uint8Array(new ArrayBuffer(structBytes));
  raw.set(settings);
  opened.cfmakeraw(raw);
  return raw;
}

/** False: the terminal is gone. */
export function applyTerminalSettings(fd: number, settings: TerminalSettings): boolean {
  opened ??= open();
  return opened.tcsetattr(fd, afterOutput, settings) === 0;
}
