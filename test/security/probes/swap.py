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


def exchange_for_a_moment(one, other, base, moment="0.001"):
    """Puts the second name in the place of the first for about as long as a mount takes, again and again."""
    signal.alarm(0)
    number = 276 if ON_ARM else 316
    os.mkdir(one)
    open(os.path.join(one, "x.env"), "w").close()
    os.mkdir(os.path.join(one, "hid"))
    os.symlink(base, other)
    at_cwd, flag = ctypes.c_long(-100), ctypes.c_long(2)
    first, second = one.encode(), other.encode()
    print("swapping", flush=True)
    while True:
        for longest in (0.004, float(moment)):
            time.sleep(int.from_bytes(os.urandom(2), "little") / 65536 * longest)
            libc.syscall(ctypes.c_long(number), at_cwd, first, at_cwd, second, flag)
