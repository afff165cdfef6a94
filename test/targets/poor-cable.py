"""A bad cable between two hosts: packets are late, and some never arrive.

Usage: poor-cable.py NEAR FAR DELAY_MS JITTER_MS LOSS_PERCENT SEED
Makes two TUN devices of these names and says "ready"; whoever asked puts one into each host. Ends with its stdin.
"""
import fcntl
import heapq
import os
import random
import select
import struct
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


def device(name):
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return descriptor


def main(near_name, far_name, *numbers):
    delay, jitter, loss, seed = map(float, numbers)
    dice = random.Random(seed)
    near, far = device(near_name), device(far_name)
    other = {near: far, far: near}
    under_way = []
    count = lost = 0
    print("ready", flush=True)
    while True:
        now = time.monotonic()
        while under_way and under_way[0][0] <= now:
            _, _, to, packet = heapq.heappop(under_way)
            try:
                os.write(to, packet)
            except OSError:
                pass  # Its host is not up, or is gone.
        wait = max(0, under_way[0][0] - now) if under_way else None
        for source in select.select([near, far, 0], [], [], wait)[0]:
            if source == 0:
                print(f"{count} packets, {lost} lost", flush=True)
                return
            try:
                packet = os.read(source, 65536)
            except OSError:
                continue
            count += 1
            if dice.random() * 100 < loss:
                lost += 1
                continue
            due = now + (delay + dice.uniform(-jitter, jitter)) / 1000
            heapq.heappush(under_way, (due, count, other[source], packet))


main(*sys.argv[1:])
