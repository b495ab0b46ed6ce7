"""A proxy before several processes: each connection goes to the next one that answers."""

import socket
import socketserver
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from threading import Thread

CONNECT_SECONDS = 1
BLOCK_BYTES = 65_536


class Balancer(socketserver.ThreadingTCPServer):
    """Takes connections on one port and passes them on to several, in turn.

    Nothing is sent twice: a process that dies ends the connections that it had, as a proxy that
    must not repeat a POST does. Clients send again.

    Args:
        ports: Of the processes, on this machine.
    """

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, ports: Sequence[int]) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.ports = tuple(ports)
        self.served = dict.fromkeys(ports, 0)
        self._turns = count()

    @property
    def address(self) -> str:
        """Where clients find it."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_process(self) -> socket.socket | None:
        """Connect to the next process that answers; None where none does."""
        first = next(self._turns)
        for turn in range(len(self.ports)):
            port = self.ports[(first + turn) % len(self.ports)]
            with suppress(OSError):
                opened = socket.create_connection(("127.0.0.1", port), timeout=CONNECT_SECONDS)
                opened.settimeout(None)
                self.served[port] += 1
                return opened
        return None


class _Line(socketserver.BaseRequestHandler):
    server: Balancer

    def handle(self) -> None:
        """Pass on in both directions until one side ends."""
        process = self.server.next_process()
        if process is None:
            return
        with process:
            back = Thread(target=_pump, args=(process, self.request), daemon=True)
            back.start()
            _pump(self.request, process)
            back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while block := source.recv(BLOCK_BYTES):
            target.sendall(block)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def balancing(ports: Sequence[int]) -> Iterator[Balancer]:
    """Run a proxy for the length of a block."""
    with Balancer(ports) as balancer:
        thread = Thread(target=balancer.serve_forever, daemon=True)
        thread.start()
        try:
            yield balancer
        finally:
            balancer.shutdown()
            thread.join()
