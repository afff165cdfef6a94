import { expect, test } from "bun:test";
import { Errno, osErrorText } from "../../../core/host/errno.ts";

test.each([
  [Errno.ENOENT, "No such file or directory (os error 2)"],
  [Errno.EACCES, "Permission denied (os error 13)"],
  [Errno.E2BIG, "Argument list too long (os error 7)"],
  [Errno.ELOOP, "Symbolic link loop (os error 40)"],
  [Errno.ENAMETOOLONG, "Filename too long (os error 36)"],
  [Errno.EIO, "I/O error (os error 5)"],
  [4095, "No error information (os error 4095)"],
])("OS error %i reads as musl words it", (errno, text) => {
  expect(osErrorText(errno)).toBe(text);
});
