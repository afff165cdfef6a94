# Comes before every probe: a probe is a function that ends in through() or held().
import ctypes
import errno
import os
import signal
import socket
import struct
import sys
import time

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
ON_ARM = os.uname().machine == "aarch64"


def through(what):
    print(f"THROUGH {what}", flush=True)
    sys.exit(0)


def held(why):
    print(f"HELD {why}", flush=True)
    sys.exit(1)


def raw(x64, arm64, *arguments):
    """A system call by its number here; (result, errno)."""
    number = arm64 if ON_ARM else x64
    ctypes.set_errno(0)
    passed = [a if isinstance(a, (bytes, ctypes.Array, ctypes.Structure)) or hasattr(a, "_obj") else ctypes.c_long(a) for a in arguments]
    result = libc.syscall(ctypes.c_long(number), *passed)
    return result, ctypes.get_errno() if result < 0 else 0


def reaches(x64, arm64, *arguments):
    """Through when the kernel looks at the call at all: anything but a refusal, or that there is nothing of this name."""
    result, error = raw(x64, arm64, *arguments)
    if result < 0 and error in (errno.EPERM, errno.EACCES, errno.ENOSYS, errno.ESRCH, errno.ENOKEY):
        held(errno.errorcode[error])
    through(f"the kernel answered {result} {errno.errorcode.get(error, '')}")


def main():
    signal.alarm(10)
    name, *arguments = sys.argv[1:]
    try:
        globals()[name](*arguments)
    except OSError as error:
        held(f"{type(error).__name__} {errno.errorcode.get(error.errno, error.errno)} {error}")
    held("the probe came to its end")
