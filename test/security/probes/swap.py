def exchange(one, other):
    """Exchanges two names as fast as can be, until the scene ends."""
    signal.alarm(0)
    number = 276 if ON_ARM else 316
    first, second = one.encode(), other.encode()
    print("swapping", flush=True)
    at_cwd, flag = ctypes.c_long(-100), ctypes.c_long(2)
    while True:
        if libc.syscall(ctypes.c_long(number), at_cwd, first, at_cwd, second, flag) != 0:
            time.sleep(0.001)
