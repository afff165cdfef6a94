def listen_stream(path):
    """Outside: says what it is sent."""
    signal.alarm(60)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path if not path.startswith("@") else "\0" + path[1:])
    if not path.startswith("@"):
        os.chmod(path, 0o777)
    listener.listen()
    print("READY", flush=True)
    while True:
        peer = listener.accept()[0]
        print("GOT", peer.recv(100), flush=True)


def listen_datagrams(path):
    """Outside: says what it is sent, and how many descriptors came along."""
    signal.alarm(60)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(path if not path.startswith("@") else "\0" + path[1:])
    if not path.startswith("@"):
        os.chmod(path, 0o777)
    print("READY", flush=True)
    while True:
        data, descriptors, _, _ = socket.recv_fds(listener, 100, 4)
        print("GOT", data, len(descriptors), flush=True)


def listen_tcp():
    signal.alarm(60)
    listener = socket.create_server(("127.0.0.1", 0))
    print("READY", listener.getsockname()[1], flush=True)
    while True:
        peer = listener.accept()[0]
        print("GOT", peer.recv(100), flush=True)


def listen_udp():
    signal.alarm(60)
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("127.0.0.1", 0))
    print("READY", listener.getsockname()[1], flush=True)
    while True:
        print("GOT", listener.recv(100), flush=True)


def address_of(path):
    return "\0" + path[1:] if path.startswith("@") else path


def connect_stream(path):
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    peer.connect(address_of(path))
    peer.send(b"attack")
    through("sent")


def send_datagram(path):
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    peer.sendto(b"attack", address_of(path))
    through("sent")


def send_message(path):
    """With sendmsg, whose address no filter sees."""
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    peer.sendmsg([b"attack"], [], 0, address_of(path))
    through("sent")


def send_message_of_pair(path):
    """From one end of a pair, which needs no socket call."""
    peer, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    peer.sendmsg([b"attack"], [], 0, address_of(path))
    through("sent")


def send_messages_of_pair(path):
    """The same by sendmmsg."""
    peer, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    name = address_of(path).encode()
    address = struct.pack("H", socket.AF_UNIX) + name + b"\0"
    buffer = ctypes.create_string_buffer(address)
    data = ctypes.create_string_buffer(b"attack")
    vector = ctypes.create_string_buffer(struct.pack("QQ", ctypes.addressof(data), 6))
    message = struct.pack("QI4xQQQQI4xI4x", ctypes.addressof(buffer), len(address), ctypes.addressof(vector), 1, 0, 0, 0, 0)
    result, error = raw(307, 269, peer.fileno(), ctypes.create_string_buffer(message), 1, 0)
    held(errno.errorcode[error]) if result < 0 else through("sent")


def pass_descriptor(peer, descriptor, path):
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", descriptor))]
    peer.sendmsg([b"attack"], rights, 0, address_of(path))


def send_descriptor(path, file):
    """A descriptor of a file leaves the sandbox."""
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    with open(file) as opened:
        pass_descriptor(peer, opened.fileno(), path)
    through("sent")


def send_descriptor_of_pair(path, file):
    peer, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with open(file) as opened:
        pass_descriptor(peer, opened.fileno(), path)
    through("sent")


def seqpacket(path):
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        peer.connect(address_of(path))
    except OSError as error:
        # The listener is of another type: the kernel says so only when it looked at it.
        if error.errno == errno.EPROTOTYPE:
            through("the kernel looked at the address")
        raise
    through("connected")


def pair_talks():
    """What must go on working: children that talk to each other."""
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    if os.fork() == 0:
        one.send(b"hello")
        os._exit(0)
    through("hello") if other.recv(5) == b"hello" else held("nothing came")


def connect_tcp(port):
    peer = socket.create_connection(("127.0.0.1", int(port)), 3)
    peer.send(b"attack")
    through("sent")


def send_udp(port):
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.sendto(b"attack", ("127.0.0.1", int(port)))
    through("sent")


def fast_open(port):
    """TCP without connect."""
    peer = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    peer.sendto(b"attack", 0x20000000, ("127.0.0.1", int(port)))
    through("sent")


def make(family, kind, protocol=0):
    numbers = {"INET": 2, "INET6": 10, "NETLINK": 16, "PACKET": 17, "ALG": 38, "VSOCK": 40, "XDP": 44, "BLUETOOTH": 31, "CAN": 29}
    kinds = {"STREAM": 1, "DGRAM": 2, "RAW": 3, "SEQPACKET": 5}
    result, error = raw(41, 198, numbers[family], kinds[kind], int(protocol))
    if result >= 0:
        through("a socket was made")
    # A family that this kernel has not: nothing to be held.
    held(errno.errorcode[error])


def exec_server(url, token=""):
    """Speaks to the server itself: an upgrade, then a process without a sandbox."""
    import base64
    import json

    host, port = url.removeprefix("ws://").split("/")[0].rsplit(":", 1)
    peer = socket.create_connection((host, int(port)), 3)
    peer.settimeout(4)
    speak(peer, "GET / HTTP/1.1\r\nHost: %s:%s\r\n" % (host, port), token)


def hidden_call(url, *seen):
    """By a process that nobody may look at, without parents."""
    if not seen:
        libc.prctl(4, 0, 0, 0, 0)
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.dup2(writing, 1)
            exec_server(url)
        os._exit(0)
    os.close(writing)
    answer = b""
    while chunk := os.read(reading, 4096):
        answer += chunk
    print(answer.decode(), flush=True)
    sys.exit(0)


def hasty_call(url):
    """Everything at once, and gone before anybody looks: a file outside would tell that the work was done."""
    import json

    url, path, *stay = url.split(" ")
    host, port = url.removeprefix("ws://").split("/")[0].rsplit(":", 1)
    head = "GET / HTTP/1.1\r\nHost: %s:%s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" % (host, port)
    data = head.encode()
    messages = (
        {"id": 1, "method": "initialize", "params": {"clientName": "inside"}},
        {"method": "initialized", "params": {}},
        {"id": 2, "method": "fs/writeFile", "params": {"path": "file://" + path, "dataBase64": "eA=="}},
    )
    for message in messages:
        text = json.dumps(message).encode()
        size = bytes([0x80 | len(text)]) if len(text) < 126 else bytes([0x80 | 126]) + struct.pack(">H", len(text))
        data += b"\x81" + size + b"\0\0\0\0" + text
    for _ in range(20):
        peer = socket.create_connection((host, int(port)), 3)
        if stay:
            peer.send(head.encode())
            answer = peer.recv(4096)
            peer.send(data[len(head) :])
            while b'"id":2' not in answer:
                part = peer.recv(65536)
                if not part:
                    break
                answer += part
            print(answer[:200])
        else:
            peer.send(data)
        peer.close()
    sys.exit(0)


def exec_server_by_path(path):
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    peer.settimeout(4)
    peer.connect(path)
    speak(peer, "GET / HTTP/1.1\r\nHost: localhost\r\n", "")


def speak(peer, head, token):
    import json

    head += "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    peer.send((head + "\r\n").encode())
    answer = peer.recv(4096)
    if b" 101 " not in answer.split(b"\r\n")[0]:
        held(answer.split(b"\r\n")[0] or "closed")
    for message in ({"id": 1, "method": "initialize", "params": {"clientName": "inside"}},):
        text = json.dumps(message).encode()
        peer.send(bytes([0x81, 0x80 | len(text)]) + b"\0\0\0\0" + text)
    answer = peer.recv(4096)
    through(answer[:200]) if b"sessionId" in answer else held(answer[:100] or "closed")
