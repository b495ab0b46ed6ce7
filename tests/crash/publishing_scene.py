"""Two officers publish a round."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update

from bidding.sealing import check_manifest, read_manifest
from procurement.bids.tables import Manifest
from procurement.database import database_moment, transaction
from procurement.notices.tables import Notice
from procurement.rounds.document.tables import DocumentKind, RoundDocument
from procurement.rounds.document.versions import make_draft
from procurement.rounds.progress import set_status
from procurement.rounds.tables import Round, RoundStatus, StepProposal
from procurement.volumes.aggregate import aggregate
from tests.crash.checking import check_answers_again, check_status, rows, wait_for_jobs
from tests.crash.officers import Officers
from tests.crash.site import Site
from tests.procurement.bids.world import World

HOLDERS = 3


class PublishingScene:
    """A round of which everything is ready for its publication."""

    def __init__(self, site: Site, name: str) -> None:
        self._site, self._name = site, name
        self._world = World(site.engine, holders=HOLDERS, name=name)
        self._world.hand_over_all_keys()
        self._world.rehearse()
        self._bring_to_comments()
        self._officers = Officers(site, self._world)
        checks = self._officers.first.get(f"/api/v1/rounds/{name}/checks").json()["items"]
        assert all(check["is_met"] for check in checks), checks

    def _bring_to_comments(self) -> None:
        officer = self._world.officer_actors[0]
        with transaction(self._site.engine) as session:
            round_, now = self._world.round(session), database_moment(session)
            dates = {
                name: now + timedelta(hours=hours)
                for name, hours in (("bidding_opens_at", 1), ("closes_at", 2), ("opens_at", 3))
            }
            session.execute(update(Round).where(Round.id == round_.id).values(**dates))
            set_status(session, round_=round_, status=RoundStatus.VOLUME_REPORTING, moment=now)
            aggregate(session, round_=round_, actor=officer, moment=now)
            make_draft(session, round_=round_, actor=officer, moment=now)
            set_status(session, round_=round_, status=RoundStatus.COMMENTS, moment=now)

    def works(self) -> list[Callable[[], None]]:
        """What the clients do."""
        return [lambda: self._officers.take_step("publish")]

    def check(self) -> None:
        """It is published once, with one manifest, and everyone was told once."""
        check_status(self._site.engine, self._name, RoundStatus.PUBLISHED)
        wait_for_jobs(self._site)
        check_answers_again(self._officers.clients)
        assert self._officers.proposed("publish") == ["confirmed"]
        document = self._officers.first.get(f"/api/v1/rounds/{self._name}/manifest").content
        check_manifest(read_manifest(document))
        round_id = self._world.round_id
        of_round = StepProposal.round_id == round_id
        published = RoundDocument.kind == DocumentKind.PUBLISHED
        engine = self._site.engine
        assert rows(engine, Manifest, Manifest.round_id == round_id) == 1
        assert rows(engine, StepProposal, of_round) == 1
        assert rows(engine, Notice, Notice.key == f"published-{round_id}") == HOLDERS
        assert rows(engine, RoundDocument, RoundDocument.round_id == round_id, published) == 1
        self._officers.close()
