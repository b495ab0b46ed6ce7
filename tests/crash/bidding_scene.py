"""Manufacturers bid, replace and withdraw, and the round closes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from time import sleep
from typing import Any

from bidding.sealing import (
    InclusionProof,
    Receipt,
    check_log,
    check_receipt,
    proves_inclusion,
    read_log,
    read_proof,
    read_receipt,
)
from procurement.bids.kinds import PaperStatus
from procurement.bids.tables import PaperStep
from procurement.database import database_moment, transaction
from procurement.rounds.tables import RoundStatus
from tests.crash.checking import check_answers_again, check_status, wait_for_jobs, wait_for_status
from tests.crash.clients import Answered, Client
from tests.crash.site import Site
from tests.procurement.bids.world import Maker, World

MAKERS, VERSIONS = 4, 8
WITHDRAWN = (3, 6)
"""Versions that take the bid before them back."""

VERSIONS_MAX = 200
CLOSES_IN_SECONDS = 2
PAUSE_SECONDS = 0.05
"""Between two bids of one manufacturer in a round that closes."""

PROOFS = 2
"""How many inclusion proofs of each manufacturer are asked for: its last."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Manufacturers that bid in one round after another, with the tokens of their machines."""

    makers: tuple[Maker, ...]
    tokens: tuple[str, ...]


def new_cast(site: Site) -> Cast:
    """Register manufacturers."""
    world = World(site.engine, holders=3, name="cast")
    makers = tuple(world.new_maker(admitted=False) for _ in range(MAKERS))
    return Cast(makers, tuple(site.token(maker.person_id) for maker in makers))


def use_up_outage_rule(site: Site, world: World) -> None:
    """Let outages move the closing no more.

    Every kill is an outage; on a busy machine those of a few scenes add up to more than a minute,
    and every closing after them would move by two hours.
    """
    with transaction(site.engine) as session:
        world.round(session).outage_shifted_at = database_moment(session)


class BiddingScene:
    """A round in bidding.

    Args:
        site: The platform.
        cast: Who bids.
        name: Of the round.
        closes: Whether the closing time comes while they bid.
    """

    def __init__(self, site: Site, cast: Cast, name: str, *, closes: bool) -> None:
        self._site, self._name, self._closes = site, name, closes
        self._world = World(site.engine, holders=3, name=name)
        self._manifest = self._world.prepare()
        use_up_outage_rule(site, self._world)
        self._makers = [self._admit(maker) for maker in cast.makers]
        self._clients = [Client(site.address, token) for token in cast.tokens]

    def _admit(self, maker: Maker) -> Maker:
        with transaction(self._site.engine) as session:
            session.add(
                PaperStep(
                    round_id=self._world.round_id,
                    organisation_id=maker.id,
                    status=PaperStatus.ADMITTED,
                    person_id=self._world.evaluator.person_id,
                    happened_at=database_moment(session),
                )
            )
        return replace(maker, version=0, last=None, secrets=[])

    def works(self) -> list[Callable[[], None]]:
        """What each client does."""
        if self._closes:
            self._world.set_times(closes_in=timedelta(seconds=CLOSES_IN_SECONDS))
        return [
            lambda maker=maker, client=client: self._bid(maker, client)  # type: ignore[misc]
            for maker, client in zip(self._makers, self._clients, strict=True)
        ]

    def _bid(self, maker: Maker, client: Client) -> None:
        for version in range(1, 1 + (VERSIONS_MAX if self._closes else VERSIONS)):
            if version in WITHDRAWN:
                submission = maker.withdraw(self._manifest)
            else:
                submission = maker.seal(self._manifest)
            answer = client.post(
                f"/api/v1/rounds/{self._name}/bids",
                key=submission.digest[:40],
                content=submission.to_bytes(),
                headers={"content-type": "application/json"},
            )
            if answer.status_code == 409 and self._closes:
                return
            assert answer.status_code == 201, answer.text
            maker.sent(submission)
            if self._closes:
                sleep(PAUSE_SECONDS)

    def check(self) -> None:
        """Close the round; what was acknowledged is in the log once, the rest was refused."""
        if not self._closes:
            self._world.end_bidding()
        wait_for_status(self._site.engine, self._name, RoundStatus.CLOSED)
        check_status(self._site.engine, self._name, RoundStatus.CLOSED)
        wait_for_jobs(self._site)
        check_answers_again(self._clients)
        answered = [one for client in self._clients for one in client.answered]
        receipts = [digest for one in answered if (digest := self._receipt_of(one))]
        anybody = self._clients[0]
        checkpoint, leaves = read_log(anybody.get(f"/api/v1/rounds/{self._name}/log").content)
        check_log(checkpoint, leaves, self._manifest)
        assert sorted(leaves) == sorted(receipts)
        for client in self._clients:
            for entry in self._own(client)[-PROOFS:]:
                proof = read_proof(client.get(entry["proof"]).content)
                assert isinstance(proof, InclusionProof)
                assert proves_inclusion(proof, checkpoint)
            client.close()

    def _receipt_of(self, one: Answered) -> str | None:
        """The envelope that an answer acknowledges; None where it refuses it as late."""
        document = read_receipt(one.body)
        check_receipt(document, self._manifest)
        assert isinstance(document, Receipt) == (one.status == 201)
        if isinstance(document, Receipt):
            return document.envelope
        assert document.reason == "late"
        return None

    def _own(self, client: Client) -> list[dict[str, Any]]:
        """The own receipts, of which there is one of each version."""
        listed = client.get(f"/api/v1/rounds/{self._name}/receipts").json()
        items: list[dict[str, Any]] = listed["items"]
        assert [entry["version"] for entry in items] == list(range(1, len(items) + 1))
        taken = [one for one in client.answered if one.status == 201]
        assert len(items) == len(taken)
        assert len(listed["refusals"]) == len(client.answered) - len(taken)
        return items
