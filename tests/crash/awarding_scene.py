"""A selection is put on notice, objected to, fixed by two officers, and its prices recorded."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select

from procurement.accounts.tables import Person
from procurement.awards.evaluation import require_report
from procurement.awards.tables import (
    Award,
    AwardedBid,
    AwardedPrice,
    AwardNotice,
    EvaluationReport,
    Objection,
    ObjectionAnswer,
    ObjectionService,
)
from procurement.database import database_moment, snapshot
from procurement.notices.tables import Notice
from procurement.prices.service import first_break
from procurement.prices.tables import Price
from procurement.rounds.tables import RoundStatus
from tests.crash.checking import check_answers_again, check_status, rows, wait_for_jobs
from tests.crash.clients import Client
from tests.crash.officers import Officers
from tests.crash.site import Site
from tests.procurement.awards.regions.world import BIDS
from tests.procurement.awards.world import AwardWorld

LOSER = "D"
SERVED = 2
"""Papers of one objection: its receipt and its answer."""


class AwardingScene:
    """An evaluated round without open questions."""

    def __init__(self, site: Site, name: str) -> None:
        self._site, self._name = site, name
        self._world = AwardWorld(site.engine, name=name, bids=BIDS).bring_to_opening().evaluate()
        self._officers = Officers(site, self._world)
        loser = self._world.maker(LOSER)
        self._loser = Client(site.address, site.token(loser.person_id))
        with snapshot(site.engine) as session:
            now = database_moment(session)
            self._signed_by = session.get_one(Person, loser.person_id).name
            report = require_report(session, round_id=self._world.round_id)
            self._winners = sum(one["selected"] for lot in report.lots for one in lot["outcomes"])
        self._closes_at = now + timedelta(days=3)
        self._starts_on: date = (now + timedelta(days=2)).date()

    def works(self) -> list[Callable[[], None]]:
        """What the clients do: one thing follows the other."""
        return [self._award]

    def _award(self) -> None:
        path, officer = f"/api/v1/rounds/{self._name}", self._officers.first
        announced = officer.post(
            f"{path}/award-notices", json={"closes_at": self._closes_at.isoformat()}
        )
        assert announced.status_code == 201, announced.text
        filed = self._loser.post(
            f"{path}/objections",
            json={"text": "请复核名次。", "signed_by": self._signed_by, "lot": "L01"},
        )
        assert filed.status_code == 201, filed.text
        answered = officer.post(
            f"{path}/objections/{filed.json()['id']}/answer",
            json={"verdict": "rejected", "text": "名次按单位可比价由低到高。"},
        )
        assert answered.status_code == 201, answered.text
        self._site.patiently(self._world.end_notice)
        self._officers.take_step("fix-award", about=self._starts_on.isoformat())

    def check(self) -> None:
        """There is one notice, one objection, one award with its prices, and one letter each."""
        engine, round_id = self._site.engine, self._world.round_id
        check_status(engine, self._name, RoundStatus.AWARDED)
        wait_for_jobs(self._site)
        clients = [*self._officers.clients, self._loser]
        check_answers_again(clients)
        assert self._officers.proposed("fix-award") == ["confirmed"]
        for table, wanted in ((EvaluationReport, 1), (AwardNotice, 1), (Objection, 1), (Award, 1)):
            assert rows(engine, table, table.round_id == round_id) == wanted, table
        own = Objection.round_id == round_id
        given = ObjectionAnswer.objection_id == Objection.id
        assert rows(engine, ObjectionAnswer, given, own) == 1
        served = ObjectionService.objection_id == Objection.id
        assert rows(engine, ObjectionService, served, own) == SERVED
        self._check_prices()
        self._check_notices()
        for client in clients:
            client.close()

    def _check_prices(self) -> None:
        with snapshot(self._site.engine) as session:
            award = session.scalars(select(Award).where(Award.round_id == self._world.round_id))
            award_id = award.one().id
            bids = session.scalars(select(AwardedBid).where(AwardedBid.award_id == award_id)).all()
            ids = [bid.id for bid in bids]
            awarded = session.scalars(
                select(AwardedPrice).where(AwardedPrice.awarded_bid_id.in_(ids))
            ).all()
            makers = {maker.id for maker in self._world.makers}
            prices = session.scalars(select(Price).where(Price.organisation_id.in_(makers))).all()
            assert all(first_break(session, series=one.series) is None for one in prices)
        assert len(bids) == self._winners
        assert {one.awarded_bid_id for one in awarded} == set(ids)
        keys = {(one.awarded_bid_id, one.lot_strength_id, one.pack_units) for one in awarded}
        assert len(keys) == len(awarded)
        # Of each pack one version of one price, and of each price that was awarded a pack.
        assert [one.version for one in prices] == [1] * len(prices)
        assert {(one.lot_strength_id, one.pack_units, one.pack_price) for one in prices} >= {
            (one.lot_strength_id, one.pack_units, one.pack_price) for one in awarded
        }

    def _check_notices(self) -> None:
        engine, round_id = self._site.engine, self._world.round_id
        with snapshot(engine) as session:
            notice_id = session.scalars(
                select(AwardNotice.id).where(AwardNotice.round_id == round_id)
            ).one()
            award_id = session.scalars(select(Award.id).where(Award.round_id == round_id)).one()
        assert rows(engine, Notice, Notice.key == f"announced {notice_id}") == len(BIDS)
        assert rows(engine, Notice, Notice.key == f"awarded {award_id}") == len(BIDS)
