"""A simulated round: from the first bid to the award, by requests on a bad line."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from procurement.awards.evaluation import require_report
from procurement.awards.report_view import ReportView
from procurement.awards.tables import AwardNotice
from procurement.bids.keyholders.manifests import require_manifest
from procurement.bids.opening.shares import envelopes_to_unseal
from procurement.bids.tables import Sitting
from procurement.database import database_moment, snapshot, transaction
from procurement.rounds.tables import Round, RoundStatus
from tests.procurement.awards.world import OPTIONS, AwardWorld
from tests.procurement.bids.world import SECRET
from tests.procurement.rounds.world import OPTIONS as PLAIN_OPTIONS
from tests.simulation.bidders import JSON, Bidder
from tests.simulation.installation import Installation
from tests.simulation.network import Network

RULES = {"national-3": PLAIN_OPTIONS, "national-10": OPTIONS}
HOLDERS, QUORUM = 3, 2
TURNS_MAX = 60
ROUNDS_OF_QUESTIONS_MAX = 6
FALLBACK = timedelta(minutes=20)
HOUR = 3600


@dataclass
class Story:
    """One round.

    Attributes:
        site: The platform.
        network: Between people and platform.
        rulebook: Under which it is evaluated.
        world: Its people and keys.
        bidders: Who bids.
        answered: What people answered: by lot, bid and question.
        unrevealed: Names of bidders whose bids nobody could open.
    """

    site: Installation
    network: Network
    rulebook: str
    world: AwardWorld
    bidders: list[Bidder]
    officers: list[str]
    answered: dict[tuple[str, str, str], bool] = field(default_factory=dict)
    unrevealed: set[str] = field(default_factory=set)

    @property
    def path(self) -> str:
        """Where the interface has it."""
        return f"/api/v1/rounds/{self.world.name}"

    def play(self, *, check_sealed: Callable[["Story"], None]) -> None:
        """Play it to its end.

        Args:
            check_sealed: Called when the bids are in and nothing is opened.
        """
        self.bid()
        self.close()
        check_sealed(self)
        if not any(one.standing for one in self.bidders):
            return
        self.open()
        self.decide()
        self.award()

    def bid(self) -> None:
        """Everybody bids, some again and again, some too late."""
        random, manifest = self.site.random, self.world.manifest
        turns = [one for one in self.bidders for _ in range(random.randint(1, 4))]
        random.shuffle(turns)
        for one in turns:
            self.site.clock.let_pass(self._seconds_until_next())
            one.act(self.network, f"{self.path}/bids", manifest)
            if random.random() < 0.2:
                self.network.deliver_late()
            if random.random() < 0.3:
                self.site.work()

    def _seconds_until_next(self) -> float:
        """Days, hours, seconds; a corrected clock goes back a little."""
        random = self.site.random
        kind = random.random()
        if kind < 0.1:
            return -random.uniform(0, 2)
        return random.uniform(0, 60) if kind < 0.5 else random.uniform(60, 12 * HOUR)

    def close(self) -> None:
        """The closing time comes; a bid after it is refused in writing."""
        self.wait_for(RoundStatus.CLOSED, step=6 * HOUR)
        for one in self.bidders:
            if self.site.random.random() < 0.3 and not one.is_late:
                one.act(self.network, f"{self.path}/bids", self.world.manifest)
                assert one.is_late, "a bid was taken after the closing"
        self.network.deliver_late()

    def open(self) -> None:
        """Enough keyholders come, or bidders reveal their keys; two officers decide."""
        random = self.site.random
        self._wait_until(self._round().opens_at)
        present = random.sample(range(1, HOLDERS + 1), random.choice((1, QUORUM, HOLDERS)))
        acts = [partial(self._share, seat) for seat in present]
        acts.append(partial(self.take_step, "open-bids"))
        random.shuffle(acts)
        for act in acts:
            act()
            self.site.work()
        if len(present) < QUORUM:
            self._fall_back()
        self.wait_for(RoundStatus.EVALUATED, step=60)

    def _share(self, seat: int, *, sitting: int = 0) -> None:
        if self._round().status in (RoundStatus.OPENED, RoundStatus.EVALUATED):
            # The others were enough, and the bids are open.
            return
        with snapshot(self.site.engine) as session:
            leaves = envelopes_to_unseal(
                session,
                round_=self.world.round(session),
                after=0,
                limit=1000,
                secret_key=SECRET,
                sitting=sitting,
            )
            manifest = require_manifest(session, round_id=self.world.round_id, sitting=sitting)
            now = database_moment(session)
        posting = self.world.posting(manifest, [leaf.envelope for leaf in leaves], seat, moment=now)
        of_sitting = f"/answers/{sitting}" if sitting else ""
        token = self.site.token(self.world.holder_actors[seat - 1].person_id or 0)
        posted = self.network.post(
            token, f"{self.path}{of_sitting}/shares", content=posting.to_bytes(), headers=JSON
        )
        assert posted.status == 201, posted.body

    def _fall_back(self) -> None:
        due_at = self.site.clock() + FALLBACK + timedelta(minutes=10)
        called = self.network.post(
            self.officers[0],
            f"{self.path}/reveal-call",
            json={"due_at": due_at.isoformat(), "reason": "到场人数不足"},
        )
        assert called.status == 201, called.body
        for one in self.bidders:
            if one.standing is None:
                continue
            if self.site.random.random() < 0.2:
                self.unrevealed.add(one.maker.name)
                continue
            letter = one.reveal(self.network, f"{self.path}/reveals")
            if letter.status != 204:
                # Slow databases can use up the time; then the bid stays closed, and it says so.
                assert letter.status == 409 and self.site.clock() >= due_at, letter.body
                self.unrevealed.add(one.maker.name)
        self._wait_until(due_at)

    def decide(self) -> None:
        """Questions of the evaluation are answered by the bureau, or by bidders under seal."""
        for _ in range(ROUNDS_OF_QUESTIONS_MAX):
            pending = self.report().document["pending"]
            if not pending:
                return
            before = self.report().row.id
            of_bureau = [one for one in pending if one["question"] in ("tie", "withdraw")]
            if of_bureau:
                self._settle(of_bureau)
            else:
                self._ask_bidders(pending)
            self._wait_for_report_after(before)
        raise AssertionError("questions are left over")

    def _settle(self, pending: list[dict[str, Any]]) -> None:
        lot, question = pending[0]["lot"], pending[0]["question"]
        names = sorted(
            one["bid"] for one in pending if (one["lot"], one["question"]) == (lot, question)
        )
        first = self.site.random.choice(names)
        answers = {name: name == first for name in names}
        for name, yes in answers.items():
            self.answered[lot, name, question] = yes
        body = {"lot": lot, "question": question, "answers": answers, "reason": "更早通过评价"}
        proposed = self.network.post(self.officers[0], f"{self.path}/bureau-answers", json=body)
        assert proposed.status == 201, proposed.body
        self._confirm(proposed.json()["proposal"], proposed.json()["digest"])

    def _ask_bidders(self, pending: list[dict[str, Any]]) -> None:
        """Nobody answers: silence is no acceptance."""
        called = self.network.post(
            self.officers[0], f"{self.path}/second-answers", json={"minutes": 30}
        )
        assert called.status == 201, called.body
        for one in pending:
            self.answered[one["lot"], one["bid"], one["question"]] = False
        with snapshot(self.site.engine) as session:
            closes_at = session.scalars(
                select(Sitting.closes_at)
                .where(Sitting.round_id == self.world.round_id)
                .order_by(Sitting.number.desc())
                .limit(1)
            ).one()
        self._wait_until(closes_at)

    def _wait_for_report_after(self, before: int) -> None:
        for _ in range(TURNS_MAX):
            self.site.work()
            if self.report().row.id != before:
                return
            self.site.clock.let_pass(20)
        raise AssertionError("there is no new report")

    def award(self) -> None:
        """The selection is put on notice, objected to, and fixed by two officers."""
        closes_at = self.site.clock() + timedelta(days=3)
        announced = self.network.post(
            self.officers[0],
            f"{self.path}/award-notices",
            json={"closes_at": closes_at.isoformat()},
        )
        assert announced.status == 201, announced.body
        self.site.work()
        with snapshot(self.site.engine) as session:
            ends_at = session.scalars(
                select(AwardNotice.closes_at).where(AwardNotice.round_id == self.world.round_id)
            ).one()
        self._wait_until(ends_at)
        starts_on = (self.site.clock() + timedelta(days=10)).date()
        self.take_step("fix-award", about=starts_on.isoformat())
        self.wait_for(RoundStatus.AWARDED, step=20)
        self.network.deliver_late()

    def take_step(self, step: str, *, about: str = "") -> None:
        """Propose a step as one officer and confirm it as the other, who clicks twice."""
        body = {"step": step, "about": about}
        proposed = self.network.post(self.officers[0], f"{self.path}/proposals", json=body)
        assert proposed.status == 201, proposed.body
        self._confirm(proposed.json()["id"], proposed.json()["digest"])

    def _confirm(self, proposal: int, digest: str) -> None:
        confirmed = self.network.post(
            self.officers[1],
            f"{self.path}/proposals/{proposal}/confirm",
            json={"digest": digest},
        )
        assert confirmed.status == 201, confirmed.body
        self.network.again(confirmed)

    def wait_for(self, status: RoundStatus, *, step: float) -> None:
        """Let time pass and the worker work until the round has a status."""
        for _ in range(TURNS_MAX):
            self.site.work()
            if self._round().status == status:
                return
            self.site.clock.let_pass(step)
        raise AssertionError(f"the round did not come to {status}: it is {self._round().status}")

    def _wait_until(self, moment: Any) -> None:
        while self.site.clock() < moment:
            self.site.clock.let_pass((moment - self.site.clock()).total_seconds() + 1)
            self.site.work()

    def _round(self) -> Round:
        with snapshot(self.site.engine) as session:
            return self.world.round(session)

    def report(self) -> ReportView:
        """The newest report."""
        with snapshot(self.site.engine) as session:
            return require_report(session, round_id=self.world.round_id)


def begin(site: Installation) -> Story:
    """Prepare a round in bidding, as its seed wants it."""
    random = site.random
    rulebook = random.choice(sorted(RULES))
    world = AwardWorld(site.engine, rulebook=rulebook, options=RULES[rulebook])
    world.manifest = world.prepare()
    if random.random() < 0.5:
        with transaction(site.engine) as session:
            # In the other half an outage may move the closing, once.
            world.round(session).outage_shifted_at = database_moment(session)
    makers = [world.new_maker() for _ in range(random.randint(2, 7))]
    # A clock that is set back by seconds does not reach the registrations.
    site.clock.let_pass(60)
    return Story(
        site,
        Network(site),
        rulebook,
        world,
        [Bidder(maker, site.token(maker.person_id)) for maker in makers],
        [site.token(officer.id) for officer in world.officers],
    )
