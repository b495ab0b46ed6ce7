"""Requests on a bad line: lost, doubled, late; each sender repeats until it is answered."""

import secrets
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.simulation.installation import Installation

TRIES_MAX = 25
DOUBLED_SHARE = 0.15
LATE_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Letter:
    """A request that was answered.

    Attributes:
        token: Whose.
        path: Where it went.
        key: Its idempotency key.
        sent: Its body, as httpx takes it.
        status: Of the answer.
        body: Of the answer.
    """

    token: str
    path: str
    key: str
    sent: dict[str, Any]
    status: int
    body: bytes

    def json(self) -> Any:
        """The answer, decoded."""
        return httpx.Response(self.status, content=self.body).json()


@dataclass
class Network:
    """Between the senders and the platform.

    Attributes:
        site: The platform.
        letters: All that was answered, in order.
        late: Copies that are still on their way.
    """

    site: Installation
    letters: list[Letter] = field(default_factory=list)
    late: list[Letter] = field(default_factory=list)

    def post(self, token: str, path: str, *, key: str = "", **sent: Any) -> Letter:
        """Send until it is answered, always word for word; a copy may arrive again, also later."""
        one = Letter(token, path, key or secrets.token_hex(16), sent, 0, b"")
        answer = self._insist(one)
        letter = Letter(token, path, one.key, sent, answer.status_code, answer.content)
        self.letters.append(letter)
        if self.site.random.random() < DOUBLED_SHARE:
            self.again(letter)
        if self.site.random.random() < LATE_SHARE:
            self.late.append(letter)
        return letter

    def get(self, token: str, path: str) -> httpx.Response:
        """Ask, undisturbed."""
        return self.site.visitor(token).get(path)

    def deliver_late(self) -> None:
        """Let copies that are on their way arrive, in another order than they were sent."""
        self.site.random.shuffle(self.late)
        while self.late:
            self.again(self.late.pop())

    def again(self, letter: Letter) -> None:
        """Send what was answered once more: the answer is the same, byte for byte."""
        if letter.status >= 400 and not _is_kept(letter):
            # Nothing was done and nothing kept: now the answer may be another.
            return
        answer = self._insist(letter)
        assert (answer.status_code, answer.content) == (letter.status, letter.body), letter.path

    def _insist(self, one: Letter) -> httpx.Response:
        for _ in range(TRIES_MAX):
            self.site.maybe_arm()
            options = dict(one.sent)
            headers = {**options.pop("headers", {}), "idempotency-key": one.key}
            answer = self.site.visitor(one.token).post(one.path, headers=headers, **options)
            is_struck = self.site.settle()
            if answer.status_code < 500 and not (is_struck and self.site.random.random() < 0.5):
                return answer
            assert is_struck, f"{one.path}: {answer.status_code} {answer.text} without a fault"
            self.site.clock.let_pass(self.site.random.uniform(0.1, 20))
        raise AssertionError(f"{one.path} was not answered")


def _is_kept(letter: Letter) -> bool:
    """Signed refusals are kept like receipts."""
    return letter.body.startswith(b"{") and b'"refusal/1"' in letter.body
