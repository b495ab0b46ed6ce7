"""A sitting of second answers: called, answered under seal, closed, opened, evaluated again."""

from collections.abc import Callable
from time import monotonic, sleep

from bidding.bid_sheet import QuestionKind
from bidding.sealing import AnswerLine, Bid, Manifest, Receipt, check_log, read_receipt
from procurement.awards.evaluation import is_up_to_date, require_report
from procurement.awards.tables import EvaluationReport
from procurement.bids.keyholders.manifests import require_manifest
from procurement.bids.opening.shares import envelopes_to_unseal
from procurement.bids.periods import key_of
from procurement.bids.sittings import opened_answers
from procurement.bids.submission.close import FinalLog, final_log, find_final_log
from procurement.bids.submission.leaves import Leaf
from procurement.bids.tables import (
    Manifest as ManifestRow,
)
from procurement.bids.tables import OpenedBid, Opening, SharePost, Sitting, SittingQuestion
from procurement.database import snapshot
from procurement.notices.tables import Notice
from procurement.rounds.tables import RoundStatus
from tests.crash.checking import (
    WORK_SECONDS,
    check_answers_again,
    check_status,
    rows,
    wait_for_jobs,
    wait_for_status,
)
from tests.crash.clients import Client
from tests.crash.officers import Officers
from tests.crash.opening_scene import JSON, PRESENT, holder_at
from tests.crash.site import Site
from tests.procurement.awards.world import AwardWorld
from tests.procurement.bids.answering import end_sitting
from tests.procurement.bids.world import SECRET

FIRST = 1
"""Number of the sitting."""

ASKED = "C"
VERSIONS = 3
"""The second answer is taken back, the third one counts."""

ACCEPTS = Bid(answers=(AnswerLine("L01", "revive", True),))


class AnsweringScene:
    """An evaluated round that asks one manufacturer whether it comes down."""

    def __init__(self, site: Site, name: str) -> None:
        self._site, self._name = site, name
        self._world = AwardWorld(site.engine, name=name).bring_to_opening().evaluate()
        for maker in self._world.makers:
            # Versions are counted in each sitting.
            maker.version, maker.last = 0, None
        self._officers = Officers(site, self._world)
        maker = self._world.maker(ASKED)
        self._maker = Client(site.address, site.token(maker.person_id))
        self._holders = {seat: holder_at(site, self._world, seat) for seat in PRESENT}

    def works(self) -> list[Callable[[], None]]:
        """What the clients do: one thing follows the other."""
        return [self._sit]

    def _sit(self) -> None:
        path = f"/api/v1/rounds/{self._name}/second-answers"
        called = self._officers.first.post(path, json={"minutes": 30})
        assert called.status_code == 201, called.text
        assert called.json()["sitting"] == FIRST
        manifest = self._site.patiently(self._manifest)
        for version in range(1, 1 + VERSIONS):
            self._answer(manifest, withdraws=version == VERSIONS - 1)
        self._site.patiently(lambda: end_sitting(self._world, FIRST))
        self._wait_for_closing()
        leaves = self._site.patiently(self._leaves)
        for seat, client in self._holders.items():
            posting = self._world.posting(manifest, [leaf.envelope for leaf in leaves], seat)
            path = f"/api/v1/rounds/{self._name}/answers/{FIRST}/shares"
            posted = client.post(path, content=posting.to_bytes(), headers=JSON)
            assert posted.status_code == 201, posted.text

    def _manifest(self) -> Manifest:
        with snapshot(self._site.engine) as session:
            return require_manifest(session, round_id=self._world.round_id, sitting=FIRST)

    def _answer(self, manifest: Manifest, *, withdraws: bool) -> None:
        maker = self._world.maker(ASKED)
        sealed = maker.withdraw(manifest) if withdraws else maker.seal(manifest, ACCEPTS)
        answer = self._maker.post(
            f"/api/v1/rounds/{self._name}/answers/{FIRST}",
            key=sealed.digest[:40],
            content=sealed.to_bytes(),
            headers=JSON,
        )
        assert answer.status_code == 201, answer.text
        maker.sent(sealed)

    def _wait_for_closing(self) -> None:
        deadline = monotonic() + WORK_SECONDS
        while self._site.patiently(self._log) is None:
            assert monotonic() < deadline, "the sitting was not closed"
            sleep(0.05)

    def _log(self) -> FinalLog | None:
        with snapshot(self._site.engine) as session:
            return find_final_log(session, round_id=self._world.round_id, sitting=FIRST)

    def _leaves(self) -> list[Leaf]:
        with snapshot(self._site.engine) as session:
            round_ = self._world.round(session)
            found = envelopes_to_unseal(
                session, round_=round_, after=0, limit=9, secret_key=SECRET, sitting=FIRST
            )
            return list(found)

    def check(self) -> None:
        """What was acknowledged is in the log once; opened once, evaluated again once."""
        engine = self._site.engine
        wait_for_status(engine, self._name, RoundStatus.EVALUATED)
        check_status(engine, self._name, RoundStatus.EVALUATED)
        wait_for_jobs(self._site)
        clients = [*self._officers.clients, self._maker, *self._holders.values()]
        check_answers_again(clients)
        self._check_log()
        self._check_rows()
        self._check_report()
        for client in clients:
            client.close()

    def _check_log(self) -> None:
        receipts = [read_receipt(one.body) for one in self._maker.answered]
        assert all(isinstance(one, Receipt) for one in receipts)
        with snapshot(self._site.engine) as session:
            log = final_log(session, round_id=self._world.round_id, sitting=FIRST)
        check_log(log.checkpoint, log.leaves, self._manifest())
        assert sorted(log.leaves) == sorted(one.envelope for one in receipts)
        assert log.standing == (self._world.maker(ASKED).last,)

    def _check_rows(self) -> None:
        engine, round_id = self._site.engine, self._world.round_id
        with snapshot(engine) as session:
            key = key_of(self._world.round(session), FIRST)
        assert rows(engine, Sitting, Sitting.round_id == round_id) == 1
        of_round = SittingQuestion.sitting_id == Sitting.id, Sitting.round_id == round_id
        assert rows(engine, SittingQuestion, *of_round) == 1
        for table, wanted in (
            (ManifestRow, 1),
            (Opening, 1),
            (OpenedBid, 1),
            (SharePost, len(PRESENT)),
        ):
            own = table.round_id == round_id, table.sitting == FIRST
            assert rows(engine, table, *own) == wanted, table
        assert rows(engine, Notice, Notice.key == f"answers {key}") == 1
        assert rows(engine, Notice, Notice.key == f"opened {key}") == 1

    def _check_report(self) -> None:
        engine, round_id = self._site.engine, self._world.round_id
        with snapshot(engine) as session:
            (given,) = opened_answers(session, round_id=round_id)
            assert (given.bid, given.question, given.answer) == (
                self._world.maker(ASKED).name,
                QuestionKind.REVIVE,
                True,
            )
            report = require_report(session, round_id=round_id)
            assert is_up_to_date(session, round_=self._world.round(session), report=report)
            own = report.row.id
        # One of the bids, one with the answer.
        assert rows(engine, EvaluationReport, EvaluationReport.round_id == round_id) == 2
        assert rows(engine, Notice, Notice.key == f"evaluated {own}") == 1
