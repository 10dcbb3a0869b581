"""What a process keeps because making it is dear, up to a number of bytes; the oldest goes first."""

import threading
from collections import OrderedDict


class Shelf:
    """`get(key, make)` returns what is kept under the key, or makes and keeps it; things tell their `size` in bytes.

    A key must say all that the thing depends on: nothing is ever taken back, it is only not asked for any more.
    """

    def __init__(self, most_bytes):
        self.most_bytes = most_bytes
        self.kept, self.size, self.lock = OrderedDict(), 0, threading.Lock()

    def get(self, key, make):
        with self.lock:
            if (thing := self.kept.get(key)) is not None:
                self.kept.move_to_end(key)
                return thing
        thing = make()
        with self.lock:
            if key not in self.kept:
                self.kept[key] = thing
                self.size += thing.size
            while self.size > self.most_bytes:
                self.size -= self.kept.popitem(last=False)[1].size
        return thing
