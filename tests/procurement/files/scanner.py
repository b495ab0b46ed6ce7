"""A small scanner that speaks ClamAV's protocol, for tests."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import BaseRequestHandler, ThreadingTCPServer, ThreadingUnixStreamServer
from threading import Event, Thread

# The harmless text that every scanner is agreed to find, in two parts: whole, it would stop this
# file at the scanners of those who read it.
TEST_VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Scanner:
    """What it was shown, and what it is to say instead of the truth."""

    address: str = ""
    shown: list[bytes] = field(default_factory=list)
    says: bytes | None = None
    takes: int = 2**20
    hangs: bool = False
    released: Event = field(default_factory=Event)

    def judge(self, content: bytes) -> bytes:
        self.shown.append(content)
        if self.says is not None:
            return self.says
        return b"stream: Eicar-Test FOUND\0" if TEST_VIRUS in content else b"stream: OK\0"


@contextmanager
def running_scanner(path: str | None = None) -> Iterator[Scanner]:
    """Run it on a free port of this machine, or at a path."""
    scanner = Scanner()

    class Answers(BaseRequestHandler):
        def handle(self) -> None:
            if scanner.hangs:
                scanner.released.wait(60)
                return
            with self.request.makefile("rb") as sent:
                assert sent.read(10) == b"zINSTREAM\0"
                content = b""
                while length := struct.unpack(">L", sent.read(4))[0]:
                    content += sent.read(length)
                    if len(content) > scanner.takes:
                        # As the real one: says so and hangs up, whatever else is on its way.
                        self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                        return
                self.request.sendall(scanner.judge(content))

    server: ThreadingTCPServer | ThreadingUnixStreamServer
    if path is None:
        server = ThreadingTCPServer(("127.0.0.1", 0), Answers)
        scanner.address = f"tcp://127.0.0.1:{server.server_address[1]}"
    else:
        server = ThreadingUnixStreamServer(path, Answers)
        scanner.address = f"unix://{path}"
    with server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield scanner
        finally:
            scanner.released.set()
            server.shutdown()
            thread.join()
