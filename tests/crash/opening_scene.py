"""Keyholders post shares, two officers confirm, bids are opened and evaluated."""

from collections.abc import Callable, Mapping
from functools import partial

from bidding.sealing import Bid, BidLine, check_record, read_record
from procurement.awards.evaluation import is_up_to_date, require_report
from procurement.awards.tables import EvaluatedSheet, EvaluationReport
from procurement.bids.kinds import BidVerdict
from procurement.bids.opening.shares import envelopes_to_unseal
from procurement.bids.tables import OpenedBid, Opening, SharePost
from procurement.database import snapshot
from procurement.notices.tables import Notice
from procurement.rounds.tables import RoundStatus
from tests.crash.bidding_scene import use_up_outage_rule
from tests.crash.checking import (
    check_answers_again,
    check_status,
    rows,
    wait_for_jobs,
    wait_for_status,
)
from tests.crash.clients import Client
from tests.crash.officers import Officers
from tests.crash.site import Site
from tests.procurement.awards.world import BIDS, AwardWorld
from tests.procurement.bids.world import SECRET, World

PRESENT = (1, 3)
"""Seats of the keyholders who come: a quorum. The other one is absent."""

JSON = {"content-type": "application/json"}


def closed_round(
    site: Site, name: str, bids: Mapping[str, tuple[BidLine, ...]] = BIDS
) -> AwardWorld:
    """Prepare a round, let manufacturers bid, and close it."""
    world = AwardWorld(site.engine, name=name, bids=bids)
    world.manifest = world.prepare()
    use_up_outage_rule(site, world)
    for letter, lines in bids.items():
        world.by_letter[letter] = world.new_maker()
        world.bid(world.by_letter[letter], world.manifest, Bid(lines=lines))
    world.close()
    return world


def holder_at(site: Site, world: World, seat: int) -> Client:
    """The keyholder of a seat, at a machine."""
    person_id = world.holder_actors[seat - 1].person_id
    assert person_id is not None
    return Client(site.address, site.token(person_id))


class OpeningScene:
    """A round that is closed, whose opening time has come."""

    def __init__(self, site: Site, name: str) -> None:
        self._site, self._name = site, name
        self._world = closed_round(site, name)
        self._officers = Officers(site, self._world)
        self._postings = self._unsealed()
        self._holders = [holder_at(site, self._world, seat) for seat in PRESENT]

    def _unsealed(self) -> list[bytes]:
        with snapshot(self._site.engine) as session:
            leaves = envelopes_to_unseal(
                session,
                round_=self._world.round(session),
                after=0,
                limit=len(BIDS),
                secret_key=SECRET,
            )
        envelopes = [leaf.envelope for leaf in leaves]
        return [
            self._world.posting(self._world.manifest, envelopes, seat).to_bytes()
            for seat in PRESENT
        ]

    def works(self) -> list[Callable[[], None]]:
        """What the clients do."""
        posting = [
            partial(self._post, client, body)
            for client, body in zip(self._holders, self._postings, strict=True)
        ]
        return [*posting, lambda: self._officers.take_step("open-bids")]

    def _post(self, client: Client, body: bytes) -> None:
        path = f"/api/v1/rounds/{self._name}/shares"
        answer = client.post(path, content=body, headers=JSON)
        assert answer.status_code == 201, answer.text
        assert answer.json()["wrong"] == []

    def check(self) -> None:
        """All bids are opened once and evaluated once, and everyone was told once."""
        engine, round_id = self._site.engine, self._world.round_id
        wait_for_status(engine, self._name, RoundStatus.EVALUATED)
        check_status(engine, self._name, RoundStatus.EVALUATED)
        wait_for_jobs(self._site)
        check_answers_again([*self._officers.clients, *self._holders])
        assert self._officers.proposed("open-bids") == ["confirmed"]
        assert rows(engine, SharePost, SharePost.round_id == round_id) == len(PRESENT)
        assert rows(engine, Opening, Opening.round_id == round_id) == 1
        opened = OpenedBid.round_id == round_id, OpenedBid.verdict == BidVerdict.OPENED
        assert rows(engine, OpenedBid, *opened) == len(BIDS)
        self._check_report()
        assert rows(engine, Notice, Notice.key == f"opened {round_id}") == len(BIDS)
        path = f"/api/v1/rounds/{self._name}/opening/record"
        check_record(read_record(self._officers.first.get(path).content))
        for client in (*self._officers.clients, *self._holders):
            client.close()

    def _check_report(self) -> None:
        engine, round_id = self._site.engine, self._world.round_id
        assert rows(engine, EvaluationReport, EvaluationReport.round_id == round_id) == 1
        with snapshot(engine) as session:
            report = require_report(session, round_id=round_id)
            # The report is of these bids: evaluated again they give the same.
            assert is_up_to_date(session, round_=self._world.round(session), report=report)
            own = report.row.id
        assert rows(engine, EvaluatedSheet, EvaluatedSheet.report_id == own) == 1
        assert rows(engine, Notice, Notice.key == f"evaluated {own}") == 1
