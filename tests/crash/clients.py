"""Clients that do not give up: what was not answered is sent again, word for word."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Thread
from time import monotonic, sleep
from typing import Any

import httpx

PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.1
TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that was answered.

    Attributes:
        path: Where it went.
        key: Its idempotency key.
        sent: What was sent, as httpx takes it.
        status: Of the answer.
        body: Of the answer.
    """

    path: str
    key: str
    sent: dict[str, Any]
    status: int = 0
    body: bytes = b""


@dataclass
class Client:
    """A machine with a token.

    Attributes:
        address: Of the server.
        token: For whom it acts.
        answered: What was answered, in order.
        lost: How often a request remained without an answer.
        last_loss: Why, the last time.
    """

    address: str
    token: str
    answered: list[Answered] = field(default_factory=list)
    lost: int = 0
    last_loss: str = ""

    def __post_init__(self) -> None:
        self._http = httpx.Client(
            base_url=self.address,
            headers={"authorization": f"Bearer {self.token}"},
            timeout=TIMEOUT_SECONDS,
        )

    def post(self, path: str, *, key: str = "", **sent: Any) -> httpx.Response:
        """Send until it is answered, always with the same key."""
        one = Answered(path, key or secrets.token_hex(16), sent)
        answer = self.repeat(one)
        self.answered.append(replace(one, status=answer.status_code, body=answer.content))
        return answer

    def get(self, path: str) -> httpx.Response:
        """Ask until it is answered."""
        return self._ask("GET", path)

    def put_once(self, path: str, **sent: Any) -> httpx.Response | None:
        """Send once; None where nobody knows whether it was carried out."""
        return self._once("PUT", path, **sent)

    def repeat(self, one: Answered) -> httpx.Response:
        """Send again, word for word, until it is answered."""
        headers = {**one.sent.get("headers", {}), "idempotency-key": one.key}
        return self._ask("POST", one.path, **{**one.sent, "headers": headers})

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        deadline = monotonic() + PATIENCE_SECONDS
        while monotonic() < deadline:
            answer = self._once(method, path, **options)
            if answer is not None:
                return answer
            sleep(PAUSE_SECONDS)
        raise AssertionError(f"{method} {path} was not answered: {self.last_loss}")

    def _once(self, method: str, path: str, **options: Any) -> httpx.Response | None:
        try:
            answer = self._http.request(method, path, **options)
        except httpx.TransportError as failure:
            self._lose(repr(failure))
            return None
        if answer.status_code >= 500:
            self._lose(answer.text)
            return None
        return answer

    def _lose(self, why: str) -> None:
        self.lost += 1
        self.last_loss = why

    def close(self) -> None:
        """Hang up."""
        self._http.close()


class Crowd:
    """Several clients at once, each in a thread of its own; the first failure is kept."""

    def __init__(self, works: Sequence[Any]) -> None:
        self._failures: list[BaseException] = []
        self._threads = [Thread(target=self._run, args=(work,), daemon=True) for work in works]

    def start(self) -> None:
        """Let them begin."""
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait until all are done; raises what one of them raised."""
        for thread in self._threads:
            thread.join(timeout=2 * PATIENCE_SECONDS)
            assert not thread.is_alive(), "a client is still waiting"
        for failure in self._failures:
            raise failure

    def _run(self, work: Any) -> None:
        try:
            work()
        except BaseException as failure:
            self._failures.append(failure)
