"""A mail server for tests: takes what is sent to it over SMTP, word for word, and keeps it."""

import asyncio
import email
import email.policy
import threading


class Received:
    """One mail: the envelope, the bytes as they came, and what the standard library reads in them."""

    def __init__(self, sender, recipients, data):
        self.sender, self.recipients, self.data = sender, recipients, data
        self.message = email.message_from_bytes(data, policy=email.policy.default)

    def text(self, kind="plain"):
        return self.message.get_body((kind,)).get_content().replace("\r\n", "\n")


class SmtpServer:
    """Start with `with`; `.port`, `.mails`."""

    def __init__(self):
        self.mails, self.port = [], None
        self._loop, self._ready = asyncio.new_event_loop(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _run(self):
        server = self._loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(server.wait_closed())

    async def _talk(self, reader, writer):
        async def say(line):
            writer.write(line.encode() + b"\r\n")
            await writer.drain()

        await say("220 sink.example ESMTP")
        sender, recipients = "", []
        while line := (await reader.readline()).decode("ascii").strip():
            verb = line[:4].upper()
            if verb == "EHLO":
                await say("250-sink.example")
                await say("250 8BITMIME")
            elif verb == "MAIL":
                sender, recipients = _address(line), []
                await say("250 ok")
            elif verb == "RCPT":
                recipients.append(_address(line))
                await say("250 ok")
            elif verb == "DATA":
                await say("354 go on")
                self.mails.append(Received(sender, recipients, await _data(reader)))
                await say("250 taken")
            elif verb == "QUIT":
                await say("221 bye")
                break
            else:
                await say("250 ok")
        writer.close()


def _address(line):
    return line.partition("<")[2].partition(">")[0]


async def _data(reader):
    lines = []
    while (line := await reader.readline()) != b".\r\n":
        # RFC 5321: no line is longer, and each ends with both signs.
        assert len(line) <= 1000 and line.endswith(b"\r\n"), line
        lines.append(line[1:] if line.startswith(b"..") else line)
    return b"".join(lines)
