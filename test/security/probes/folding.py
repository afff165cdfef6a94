"""A small file system in memory that takes names in whatever case for the same, as disks of Windows and macOS do.

folding.py DIRECTORY UID: mounts it there, says `mounted`, and serves until its standard input ends. It holds what DIRECTORY held.
"""
import ctypes, errno, os, stat, struct, sys, threading

point, uid = sys.argv[1], int(sys.argv[2])
libc = ctypes.CDLL(None, use_errno=True)


class Node:
    def __init__(self, mode, content=b""):
        self.mode, self.content, self.children = mode, bytearray(content), {}


def take(path):
    if not os.path.isdir(path):
        return Node(stat.S_IFREG | 0o644, open(path, "rb").read())
    node = Node(stat.S_IFDIR | 0o755)
    for name in os.listdir(path):
        node.children[name.lower().encode()] = (name.encode(), add(take(os.path.join(path, name))))
    return node


nodes = {}


def add(node):
    number = len(nodes) + 2
    nodes[number] = node
    return number


nodes[1] = take(point)


def attributes(number):
    node = nodes[number]
    size = len(node.content)
    return struct.pack("<QQQQQQIIIIIIIIII", number, size, 0, 0, 0, 0, 0, 0, 0, node.mode, 1, uid, uid, 0, 4096, 0)


def entry(number):
    return struct.pack("<QQQQII", number, 0, 0, 0, 0, 0) + attributes(number)


def lookup(parent, name):
    found = nodes[parent].children.get(name.lower())
    return entry(found[1]) if found else -errno.ENOENT


def make(parent, name, mode):
    if name.lower() in nodes[parent].children:
        return -errno.EEXIST
    number = add(Node(mode))
    nodes[parent].children[name.lower()] = (name, number)
    return entry(number)


def listing(number, offset):
    out = b""
    for index, (name, child) in enumerate(list(nodes[number].children.values())[offset:], offset + 1):
        padding = -len(name) % 8
        out += struct.pack("<QQII", child, index, len(name), nodes[child].mode >> 12) + name + b"\0" * padding
    return out


def write(node, body):
    _, offset, size = struct.unpack_from("<QQI", body)
    node.content[offset : offset + size] = body[40 : 40 + size]
    return struct.pack("<II", size, 0)


def remove(parent, name):
    return b"" if nodes[parent].children.pop(name.lower(), None) else -errno.ENOENT


def answer(code, number, body):
    name = body.split(b"\0")[0]
    if code == 26:
        return struct.pack("<IIIIHHIIHHI", 7, 31, 65536, 0, 8, 8, 65536, 1, 0, 0, 0) + b"\0" * 24
    if code == 1:
        return lookup(number, name)
    if code in (3, 4):
        if code == 4 and struct.unpack_from("<I", body)[0] & 8:
            del nodes[number].content[struct.unpack_from("<Q", body, 16)[0] :]
        return struct.pack("<QII", 0, 0, 0) + attributes(number)
    if code in (14, 27):
        return struct.pack("<QII", 0, 1 if code == 14 else 0, 0)
    if code == 15:
        _, offset, size = struct.unpack_from("<QQI", body)
        return bytes(nodes[number].content[offset : offset + size])
    if code == 16:
        return write(nodes[number], body)
    if code == 28:
        return listing(number, struct.unpack_from("<QQ", body)[1])
    if code == 9:
        return make(number, body[8:].split(b"\0")[0], stat.S_IFDIR | 0o755)
    if code == 35:
        made = make(number, body[16:].split(b"\0")[0], stat.S_IFREG | 0o644)
        return made if isinstance(made, int) else made + struct.pack("<QII", 0, 1, 0)
    if code in (10, 11):
        return remove(number, name)
    if code == 17:
        return struct.pack("<QQQQQIIII24x", 1 << 20, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 4096, 255, 4096, 0)
    return b"" if code in (18, 25, 29) else -errno.ENOSYS


def serve(device):
    while True:
        try:
            request = os.read(device, 1 << 17)
        except OSError as error:
            if error.errno in (errno.EINTR, errno.ENOENT):
                continue
            return
        length, code, unique, number = struct.unpack_from("<IIQQ", request)
        if code in (2, 36, 42):
            continue
        said = answer(code, number, request[40:])
        error, body = (said, b"") if isinstance(said, int) else (0, said)
        os.write(device, struct.pack("<IiQ", 16 + len(body), error, unique) + body)


device = os.open("/dev/fuse", os.O_RDWR)
options = f"fd={device},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
if libc.mount(b"folding", point.encode(), b"fuse", 0, options) < 0:
    sys.exit(os.strerror(ctypes.get_errno()))
threading.Thread(target=serve, args=(device,), daemon=True).start()
os.write(1, b"mounted\n")
sys.stdin.read()
libc.umount2(point.encode(), 2)
