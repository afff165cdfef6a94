PTRACE_ATTACH, PTRACE_SEIZE, PTRACE_TRACEME = 16, 0x4206, 0


def victim(secret):
    """Stands outside the sandbox: says its pid and where a secret is in its memory, and tells of what reaches it."""
    signal.alarm(60)
    libc.prctl(0x59616D61, ctypes.c_ulong(-1 & (2**64 - 1)), 0, 0, 0)
    memory = ctypes.create_string_buffer(secret.encode(), 64)
    kept = open("/proc/self/comm")
    for number in (signal.SIGUSR1, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda got, _: print(f"HIT {got}", flush=True))
    print(f"READY {os.getpid()} {ctypes.addressof(memory)} {kept.fileno()}", flush=True)
    before = memory.value
    while True:
        time.sleep(0.02)
        if memory.value != before:
            print("HIT memory", flush=True)
            before = memory.value


def kill(pid):
    os.kill(int(pid), signal.SIGUSR1)
    through("the signal was taken")


def kill_zero(pid):
    os.kill(int(pid), 0)
    through("the process is known")


def thread_kill(pid):
    reaches(234, 131, int(pid), int(pid), 10)


def queue_signal(pid):
    info = ctypes.create_string_buffer(128)
    struct.pack_into("iii", info, 0, 10, 0, -1)
    reaches(129, 138, int(pid), 10, info)


def kill_group(pid):
    os.kill(-os.getpgid(int(pid)), signal.SIGUSR1)
    through("the signal was taken")


def pidfd_signal(pid):
    descriptor, error = raw(434, 434, int(pid), 0)
    if descriptor < 0:
        held(f"pidfd_open {errno.errorcode[error]}")
    reaches(424, 424, descriptor, 10, 0, 0)


def signal_by_descriptor(pid):
    """A descriptor is given to the process: when something comes, the kernel signals it."""
    import fcntl

    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    fcntl.fcntl(one, 10, int(signal.SIGUSR1))
    fcntl.fcntl(one, 8, int(pid))
    fcntl.fcntl(one, fcntl.F_SETFL, fcntl.fcntl(one, fcntl.F_GETFL) | os.O_ASYNC)
    other.send(b"x")
    time.sleep(0.1)
    held("the victim tells")


def pidfd_getfd(pid, wanted):
    descriptor, error = raw(434, 434, int(pid), 0)
    if descriptor < 0:
        held(f"pidfd_open {errno.errorcode[error]}")
    reaches(438, 438, descriptor, int(wanted), 0)


def own_pidfd_getfd():
    """Of one's own process: no wall between processes is in the way, only the filter."""
    descriptor, error = raw(434, 434, os.getpid(), 0)
    if descriptor < 0:
        held(f"pidfd_open {errno.errorcode[error]}")
    reaches(438, 438, descriptor, 0, 0)


def attach(pid):
    result, error = raw(101, 117, PTRACE_ATTACH, int(pid), 0, 0)
    if result < 0:
        held(errno.errorcode[error])
    os.waitpid(int(pid), 0x40000000)
    raw(101, 117, 17, int(pid), 0, 0)
    through("attached")


def seize(pid):
    result, error = raw(101, 117, PTRACE_SEIZE, int(pid), 0, 0)
    if result < 0:
        held(errno.errorcode[error])
    through("seized")


def trace_me():
    child = os.fork()
    if child == 0:
        result, error = raw(101, 117, PTRACE_TRACEME, 0, 0, 0)
        os._exit(0 if result == 0 else error)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    through("traced") if status == 0 else held(errno.errorcode[status])


def vectors(address):
    local = ctypes.create_string_buffer(64)
    mine = struct.pack("QQ", ctypes.addressof(local), 64)
    theirs = struct.pack("QQ", int(address), 64)
    return local, mine, theirs


def read_memory(pid, address, secret):
    local, mine, theirs = vectors(address)
    result, error = raw(310, 270, int(pid), mine, 1, theirs, 1, 0)
    if result < 0:
        held(errno.errorcode[error])
    through(local.value.decode()) if secret.encode() in local.value else held("other memory")


def write_memory(pid, address):
    local, mine, theirs = vectors(address)
    local.value = b"overwritten"
    result, error = raw(311, 271, int(pid), mine, 1, theirs, 1, 0)
    held(errno.errorcode[error]) if result < 0 else through("written")


def own_memory():
    """Of a child: only the filter is in the way."""
    child = os.fork()
    local, mine, theirs = vectors(0)
    address = ctypes.addressof(local)
    if child == 0:
        time.sleep(5)
        os._exit(0)
    result, error = raw(310, 270, child, mine, 1, struct.pack("QQ", address, 64), 1, 0)
    os.kill(child, 9)
    held(errno.errorcode[error]) if result < 0 else through("read")


def proc_memory(pid, address, secret):
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        memory.seek(int(address))
        data = memory.read(64)
    through(data) if secret.encode() in data else held("other memory")


def same_resource(pid):
    reaches(312, 272, os.getpid(), int(pid), 1, 0, 0)


def lower_priority(pid):
    os.setpriority(os.PRIO_PROCESS, int(pid), os.getpriority(os.PRIO_PROCESS, int(pid)))
    through("its priority was set")


def bind_to_core(pid):
    os.sched_setaffinity(int(pid), os.sched_getaffinity(int(pid)))
    through("its cores were set")


def set_limit(pid):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    limit = struct.pack("QQ", soft & (2**64 - 1), hard & (2**64 - 1))
    reaches(302, 261, int(pid), resource.RLIMIT_STACK, limit, 0)


def process_names():
    print(" ".join(name for name in os.listdir("/proc") if name.isdigit()), flush=True)
    commands = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                commands.append(open(f"/proc/{name}/cmdline", "rb").read().replace(b"\0", b" ").decode())
            except OSError:
                pass
    print("\n".join(commands), flush=True)


def kill_all():
    """Whatever it may signal, but for itself. Never without a sandbox."""
    os.kill(-1, signal.SIGKILL)
    through("everything was signalled")


def first_process(what):
    """Something of pid 1, which in a sandbox is ours."""
    if what == "kill":
        for number in (9, 15, 19, 11):
            try:
                os.kill(1, number)
            except OSError:
                pass
        time.sleep(0.2)
        os.kill(1, 0)
        print("STILL THERE")
        return
    if what == "memory":
        open("/proc/1/mem", "rb", 0).close()
        through("its memory opens")
    if what == "environ":
        data = open("/proc/1/environ", "rb").read()
        through(data) if data else held("empty")
    if what == "descriptors":
        names = os.listdir("/proc/1/fd")
        opened = []
        for name in names:
            for mode in (os.O_WRONLY, os.O_RDONLY):
                try:
                    opened.append((name, os.readlink(f"/proc/1/fd/{name}")))
                    os.close(os.open(f"/proc/1/fd/{name}", mode | os.O_NONBLOCK))
                except OSError:
                    opened.pop() if opened and opened[-1][0] == name else None
        through(opened) if opened else held(f"none of {names}")


def open_descriptors():
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            found.append((int(name), os.readlink(f"/proc/self/fd/{name}")))
        except OSError:
            pass
    print("FDS", found)
    extra = [each for each in found if each[0] > 2 and "/proc/" not in each[1]]
    through(extra) if extra else held("only 0, 1 and 2")
