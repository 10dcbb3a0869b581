"""The receiver in a thread of the test, so that it uses the test's settings; yields the port."""

import asyncio
import threading
from contextlib import contextmanager

from discussions.mail_in.server import serve


@contextmanager
def receiver():
    loop, ready, found = asyncio.new_event_loop(), threading.Event(), []
    stopped = asyncio.Event()

    def listens(address):
        found.append(address[1])
        ready.set()

    def run():
        loop.run_until_complete(serve("127.0.0.1", 0, ready=listens, stopped=stopped))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join(20)
        loop.close()
