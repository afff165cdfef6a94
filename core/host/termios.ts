import { dlopen, FFIType as T } from "bun:ffi";

const symbols = {
  tcgetattr: { args: [T.i32, T.ptr], returns: T.i32 },
  tcsetattr: { args: [T.i32, T.i32, T.ptr], returns: T.i32 },
  cfmakeraw: { args: [T.ptr], returns: T.void },
  tcgetpgrp: { args: [T.i32], returns: T.i32 },
  getpgrp: { args: [], returns: T.i32 },
} as const;

const libraryNames: Readonly<Record<string, readonly string[]>> = {
  linux: ["libc.so.6", process.arch === "arm64" ? "libc.musl-aarch64.so.1" : "libc.musl-x86_64.so.1"],
  darwin: ["libSystem.B.dylib"],
};
/** More than `struct termios` takes anywhere (60 bytes on Linux, 72 on macOS). */
const structBytes = 256;
/** Where the flags and c_cc[VEOL2] stand in `struct termios`, and which of c_lflag makes signals of keys (ISIG). */
const layout =
  process.platform === "darwin"
    ? { inputAndOutputFlags: 16, localFlags: 24, signals: 0x80, secondLineEnd: 34 }
    : { inputAndOutputFlags: 8, localFlags: 12, signals: 0x1, secondLineEnd: 33 };
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

/**
 * Keys one by one and without echo, as in raw mode, but Ctrl-C and Ctrl-Z are signals and output is treated as usual.
 * Ctrl-D is a key like any other.
 */
export function signalSettings(settings: TerminalSettings): TerminalSettings {
  const mixed = rawSettings(settings);
  mixed.set(settings.subarray(0, layout.inputAndOutputFlags));
  const view = new DataView(mixed.buffer);
  view.setUint32(layout.localFlags, view.getUint32(layout.localFlags, true) | layout.signals, true);
  return mixed;
}

/** The same settings, but `key` ends a line as well: it is read at once, and the rest is as usual. */
export function lineEndSettings(settings: TerminalSettings, key: number): TerminalSettings {
  const changed = new Uint8Array(new ArrayBuffer(structBytes));
  changed.set(settings);
  changed[layout.secondLineEnd] = key;
  return changed;
}

/** Whether `fd` is our terminal and we are in its foreground: in the background, reading or changing it would stop us. */
export function isInForeground(fd: number): boolean {
  opened ??= open();
  // -1, which no group has, where it is no terminal or not ours.
  return opened.tcgetpgrp(fd) === opened.getpgrp();
}

/** False: the terminal is gone. */
export function applyTerminalSettings(fd: number, settings: TerminalSettings): boolean {
  opened ??= open();
  return opened.tcsetattr(fd, afterOutput, settings) === 0;
}
