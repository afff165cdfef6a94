NAMESPACES = {"user": 0x10000000, "mount": 0x20000, "pid": 0x20000000, "net": 0x40000000, "uts": 0x4000000, "ipc": 0x8000000, "cgroup": 0x2000000}


def unshare(kind):
    reaches(272, 97, NAMESPACES[kind])


def clone_into(kind):
    flags = NAMESPACES[kind] | signal.SIGCHLD
    result, error = raw(56, 220, flags, 0, 0, 0, 0)
    if result == 0:
        os._exit(0)
    held(errno.errorcode[error]) if result < 0 else through("a process in a new namespace")


def clone3_into(kind):
    arguments = ctypes.create_string_buffer(88)
    struct.pack_into("Q", arguments, 0, NAMESPACES[kind])
    struct.pack_into("Q", arguments, 32, signal.SIGCHLD)
    result, error = raw(435, 435, arguments, 88)
    if result == 0:
        os._exit(0)
    held(errno.errorcode[error]) if result < 0 else through("a process in a new namespace")


def enter(path):
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError as error:
        held(f"open {errno.errorcode[error.errno]}")
    reaches(308, 268, descriptor, 0)


def mount():
    reaches(165, 40, b"none", b"/nowhere", b"tmpfs", 0, 0)


def remount_writable(path):
    result, error = raw(165, 40, b"none", path.encode(), 0, 32 | 4096, 0)
    held(errno.errorcode[error]) if result < 0 else through("remounted")


def unmount(path):
    result, error = raw(166, 39, path.encode(), 2)
    if result == 0:
        through("unmounted")
    held(errno.errorcode[error]) if error in (errno.EPERM, errno.ENOSYS) else through(errno.errorcode[error])


def change_root(path):
    reaches(161, 51, path.encode())


def pivot():
    reaches(155, 41, b"/nowhere", b"/nowhere")


def open_tree(path):
    reaches(428, 428, -100, path.encode(), 1)


def move_mount():
    reaches(429, 429, -100, b"/nowhere", -100, b"/nowhere2", 0)


def new_file_system():
    reaches(430, 430, b"tmpfs", 0)


def configure_file_system():
    reaches(431, 431, -1, 6, 0, 0, 0)


def mount_file_system():
    reaches(432, 432, -1, 0, 0)


def pick_file_system():
    reaches(433, 433, -100, b"/nowhere", 0)


def mount_attributes():
    attributes = ctypes.create_string_buffer(32)
    reaches(442, 442, -100, b"/nowhere", 0, attributes, 32)


def bpf():
    reaches(321, 280, 0, 0, 0)


def performance_event():
    attributes = ctypes.create_string_buffer(128)
    struct.pack_into("III", attributes, 0, 1, 128, 0)
    reaches(298, 241, attributes, 0, -1, -1, 0)


def user_fault():
    reaches(323, 282, 1)


def io_uring():
    parameters = ctypes.create_string_buffer(120)
    reaches(425, 425, 4, parameters)


def add_key():
    reaches(248, 217, b"user", b"codex-env-attack", b"x", 1, -3)


def session_keyring():
    reaches(250, 219, 0, -3, 0)


def find_key(name):
    reaches(249, 218, b"user", name.encode(), 0, 0)


def put_key(name, secret):
    """Outside: a key in the user's keyring, until it is sent a line."""
    signal.alarm(60)
    key, error = raw(248, 217, b"user", name.encode(), secret.encode(), len(secret), -4)
    print(f"READY {key} {error}", flush=True)
    sys.stdin.readline()
    raw(250, 219, 9, key, -4)
    print("REMOVED", flush=True)


def load_module():
    reaches(175, 105, 0, 0, b"")


def delete_module():
    reaches(176, 106, b"codex_env_nowhere", 0)


def load_kernel():
    reaches(246, 104, 0, 0, 0, 0xFFFF0000)


def reboot():
    """With numbers that no kernel takes: one that may is told so, one that may not is refused."""
    reaches(169, 142, 0, 0, 0, 0)


def swap_on():
    reaches(167, 224, b"/nowhere", 0)


def quota():
    reaches(179, 60, 0x800002 << 8, b"/nowhere", 0, 0)


def set_clock():
    time_value = struct.pack("qq", -5, -5)
    reaches(227, 112, 0, time_value)


def kernel_log():
    buffer = ctypes.create_string_buffer(4096)
    reaches(103, 116, 3, buffer, 4096)


def io_ports():
    reaches(172, 1072, 3) if not ON_ARM else held("not on this machine")


def by_handle(path):
    handle = ctypes.create_string_buffer(136)
    struct.pack_into("I", handle, 0, 128)
    mount_id = ctypes.c_int()
    result, error = raw(303, 264, -100, path.encode(), handle, ctypes.byref(mount_id), 0)
    if result < 0:
        held(f"name_to_handle_at {errno.errorcode[error]}")
    root = os.open("/", os.O_RDONLY)
    descriptor, error = raw(304, 265, root, handle, os.O_RDONLY)
    held(errno.errorcode[error]) if descriptor < 0 else through(os.read(descriptor, 100))


def by_guessed_handle():
    """The root inode of a file system, without a name: the way out of the first containers."""
    handle = ctypes.create_string_buffer(136)
    struct.pack_into("IiII", handle, 0, 8, 1, 2, 0)
    reaches(304, 265, os.open("/", os.O_RDONLY), handle, os.O_RDONLY)


def foreign_numbers():
    """A call of the x32 table, where this kernel has one; and a plain one with the bit that marks that table."""
    if ON_ARM:
        held("not on this machine")
    child = os.fork()
    if child == 0:
        result, error = raw(0x40000000 + 101, 0, 0, 0, 0, 0)
        os._exit(77 if result == 0 else error)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    through("the call was made") if status == 77 else held(f"ended with {status}")


def old_numbers():
    """int 0x80: the 32 bit table, in which the filter's numbers mean something else. Calls getpid there."""
    if ON_ARM:
        held("not on this machine")
    import mmap

    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(bytes.fromhex("53b814000000cd805bc3"))
    call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    child = os.fork()
    if child == 0:
        answer = call()
        os._exit(77 if answer == os.getpid() else 78)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    through("the call was made") if status == 77 else held(f"ended with {status}")


def host_name():
    name = socket.gethostname().encode()
    reaches(170, 161, name, len(name))


def make_device(path):
    os.mknod(path, 0o600 | 0x6000, os.makedev(1, 1))
    through("a block device was made")


def type_into_terminal():
    import fcntl

    fcntl.ioctl(0, 0x5412, b"x")
    through("a character was typed into the terminal")


def terminal_selection():
    import fcntl

    try:
        fcntl.ioctl(0, 0x541C, b"\x03")
    except OSError as error:
        held(errno.errorcode[error.errno]) if error.errno in (errno.EPERM, errno.EACCES) else through(errno.errorcode[error.errno])
    through("the ioctl was made")


def shared_memory(key):
    identifier, error = raw(29, 194, int(key), 64, 0o666)
    held(errno.errorcode[error]) if identifier < 0 else through(f"segment {identifier}")


def make_shared_memory(key):
    """Outside, until it is sent a line: a segment outlives its maker."""
    signal.alarm(60)
    identifier, error = raw(29, 194, int(key), 64, 0o1666)
    print(f"READY {identifier} {error}", flush=True)
    sys.stdin.readline()
    raw(31, 195, identifier, 0, 0)
    print("REMOVED", flush=True)


def make_queue(name):
    """Outside, until it is sent a line."""
    signal.alarm(60)
    result, error = raw(240, 180, name.encode(), 0o100 | 2, 0o600, 0)
    print(f"READY {result} {error}", flush=True)
    sys.stdin.readline()
    raw(241, 181, name.encode())
    print("REMOVED", flush=True)


def open_queue(name):
    result, error = raw(240, 180, name.encode(), 2, 0, 0)
    held(errno.errorcode[error]) if result < 0 else through("opened")


def write_proc():
    """Opens for writing, and writes nothing; what tells of pressure is everybody's, by the kernel's design."""
    waiting = ["/proc"]
    while waiting:
        directory = waiting.pop()
        try:
            entries = list(os.scandir(directory))
        except OSError:
            continue
        for entry in entries:
            if directory == "/proc" and (entry.name.isdigit() or entry.name == "pressure"):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            elif entry.is_file(follow_symlinks=False):
                try:
                    os.close(os.open(entry.path, os.O_WRONLY | os.O_NONBLOCK))
                    through(entry.path)
                except OSError:
                    pass
    held("nothing opens")


def standing():
    """What a process says of its own rights."""
    status = dict(line.split(":\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\t" in line)
    wanted = {"NoNewPrivs": "1", "Seccomp": "2", "CapEff": "0" * 16, "CapPrm": "0" * 16, "CapInh": "0" * 16, "CapAmb": "0" * 16}
    wrong = {name: status.get(name) for name, value in wanted.items() if status.get(name) != value}
    through(wrong) if wrong else held("no rights, no new ones, and a filter")


def open_for_writing(path):
    os.close(os.open(path, os.O_WRONLY | os.O_CLOEXEC))
    through(f"{path} opens for writing")


def open_for_reading(path):
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    through(f"{path} opens")


def write_everywhere(*allowed):
    """Tries to make a file in every directory of the disk's upper levels."""
    made = []
    allowed = [os.path.realpath(each) for each in allowed]
    waiting = ["/"]
    while waiting:
        directory = waiting.pop()
        if any(directory == each or directory.startswith(each + "/") for each in allowed):
            continue
        path = os.path.join(directory, f"codex-env-{os.getpid()}")
        try:
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL))
            made.append(directory)
            os.unlink(path)
        except OSError:
            pass
        if directory.count("/") < 3 and directory not in ("/proc", "/sys") and not directory.startswith("/proc/"):
            try:
                waiting += [each.path for each in os.scandir(directory) if each.is_dir(follow_symlinks=False)][:200]
            except OSError:
                pass
    through(made) if made else held("nowhere")
