"""Sending prepared requests over a few connections, as plainly as a socket can.

On two cores the client's work is taken from the server's: requests are made before the clock
starts, and of an answer only its status and body are read.
"""

import re
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from time import perf_counter, sleep
from typing import TypeVar
from urllib.parse import urlsplit

Request = TypeVar("Request")

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_TIMEOUT_SECONDS = 60
_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        status: HTTP status; 0 where the connection broke.
        body: The body.
        seconds: From when it was due to be sent until the last byte came.
    """

    status: int
    body: bytes
    seconds: float


class Connection:
    """One connection that is kept."""

    def __init__(self, address: str) -> None:
        """Connect."""
        url = urlsplit(address)
        self._socket = socket.create_connection((url.hostname or "", url.port or 80))
        self._socket.settimeout(_TIMEOUT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request and read its answer: status and body."""
        self._socket.sendall(request)
        received = b""
        while _HEAD_END not in received:
            received += self._more()
        head, _, body = received.partition(_HEAD_END)
        found = _LENGTH.search(head)
        length = int(found[1]) if found else 0
        while len(body) < length:
            body += self._more()
        return int(head[9:12]), body

    def _more(self) -> bytes:
        part = self._socket.recv(65536)
        if not part:
            raise ConnectionError("the server closed the connection")
        return part

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def request_bytes(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Write a request."""
    lines = [f"{method} {path} HTTP/1.1", "host: bench", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + _HEAD_END + body


def as_fast_as_possible(
    address: str, queues: Sequence[Sequence[bytes]]
) -> tuple[float, list[Answer]]:
    """Send each queue in order over a connection of its own, the next as soon as one is answered.

    Returns:
        The seconds that it took, and the answers, queue by queue.
    """

    def send(queue: Sequence[bytes]) -> list[Answer]:
        connection, answers = Connection(address), []
        for request in queue:
            start = perf_counter()
            status, body = connection.ask(request)
            answers.append(Answer(status, body, perf_counter() - start))
        connection.close()
        return answers

    return _all(send, queues)


def at_their_times(
    address: str, queues: Sequence[Sequence[tuple[float, bytes]]]
) -> tuple[float, list[Answer]]:
    """Send each request at its time, in seconds from now, over its queue's connection.

    What waits because the connection is still busy has waited: it counts from when it was due.
    """
    begun = perf_counter()

    def send(queue: Sequence[tuple[float, bytes]]) -> list[Answer]:
        connection, answers = Connection(address), []
        for due, request in queue:
            sleep(max(0.0, begun + due - perf_counter()))
            status, body = connection.ask(request)
            answers.append(Answer(status, body, perf_counter() - begun - due))
        connection.close()
        return answers

    return _all(send, queues)


def _all(
    send: Callable[[Sequence[Request]], list[Answer]], queues: Sequence[Sequence[Request]]
) -> tuple[float, list[Answer]]:
    start = perf_counter()
    with ThreadPoolExecutor(len(queues)) as pool:
        answers = list(chain.from_iterable(pool.map(send, queues)))
    return perf_counter() - start, answers
