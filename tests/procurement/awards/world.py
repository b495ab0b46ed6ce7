"""Rounds whose bids are open, evaluated, announced or awarded, for the tests of later stages.

The tenth national round's rules, with ties left to people. Lot L01 has a bid that may be revived,
one beyond the places and one above its ceiling; L02, with two strengths, a tie for the last place;
L03 is decided at once. Prices are invented.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Engine, Update, func, select, text, update
from sqlalchemy.orm import Session

from bidding.bid_sheet import QuestionKind
from bidding.sealing import AnswerLine, Bid, BidLine, Manifest
from procurement.accounts.tables import Organisation
from procurement.awards.announcing import announce
from procurement.awards.deciding import ANSWER_QUESTION, BureauAnswer, draft_answers
from procurement.awards.evaluation import evaluate_round
from procurement.awards.fixing import FIX_AWARD
from procurement.awards.second_answers import call_second_answers
from procurement.awards.tables import AwardNotice
from procurement.bids.keyholders.manifests import require_manifest
from procurement.bids.opening.shares import envelopes_to_unseal, post_shares
from procurement.database import append_only_ddl, database_moment, transaction
from procurement.permissions import Actor, Role
from procurement.rounds.proposals import StepKind, StepRequest, confirm_step, propose_step
from procurement.rounds.tables import (
    Lot,
    LotStrength,
    ProposalStatus,
    Round,
    RoundStatus,
    Step,
    StepProposal,
)
from procurement.volumes.tables import AggregationRun, BaseVolume
from rulebooks import load_rulebook
from tests.procurement.awards.kept import kept
from tests.procurement.bids.answering import answer, close, open_answers, unseal
from tests.procurement.bids.world import SECRET, Maker, World
from tests.procurement.rounds.world import REGIONS, _add_lot, actor_of, new_person

OPTIONS = (
    '{"brand.fallback":"main-supplier","ranking.tie_breaks":"none",'
    '"regions.unsupplied_strength":"spare-then-rank"}'
)
"""What the tenth national round leaves open, decided."""

VALSARTAN = ("L03", ("缬沙坦", "口服常释剂型", "片"), (("80mg", "1", "5"),))

BASE = {"L01": {"1mg": 9000}, "L02": {"250mg": 60000, "500mg": 30000}, "L03": {"80mg": 12000}}
"""Base volumes by lot and strength, the same in each of the three regions."""


def line(lot: str, strength: str, price: str, units: int | None = None) -> BidLine:
    """A line at a price for a unit, or for a pack of so many units."""
    if units is None:
        return BidLine(lot, strength, declared_price=Decimal(price))
    return BidLine(lot, strength, pack_units=units, pack_price=Decimal(price))


BIDS: Mapping[str, tuple[BidLine, ...]] = {
    "A": (line("L01", "1mg", "28.00", 14), line("L02", "250mg", "2.00", 10)),
    "B": (line("L01", "1mg", "3.00"), line("L02", "500mg", "3.00", 10)),
    "C": (line("L01", "1mg", "56.00", 14), line("L02", "250mg", "4.00", 20)),
    "D": (line("L01", "1mg", "6.00"), line("L03", "80mg", "30.00", 10)),
    "E": (line("L01", "1mg", "13.00"), line("L03", "80mg", "1.50")),
    "F": (line("L03", "80mg", "10.00", 10),),
}
"""What the makers declare; A and C tie in L02, C may be revived in L01."""


class AwardWorld(World):
    """A round that is brought to its opening, and from there on."""

    def __init__(
        self,
        engine: Engine,
        *,
        name: str = "anhui-2026-1",
        rulebook: str = "national-10",
        options: str = OPTIONS,
        bids: Mapping[str, tuple[BidLine, ...]] = BIDS,
    ):
        super().__init__(engine, holders=3, name=name)
        self.bids = bids
        self.by_letter: dict[str, Maker] = {}
        with transaction(engine) as session:
            round_ = self.round(session)
            round_.rulebook, round_.options = rulebook, options
            round_.rulebook_digest = load_rulebook(rulebook).digest
            code, product, strengths = VALSARTAN
            _add_lot(session, round_, code, product, strengths)
            add_volumes(session, round_)
            self.supervisor = actor_of(session, new_person(session, self.bureau, Role.SUPERVISOR))

    @property
    def officer(self) -> Actor:
        """The first officer, who proposes."""
        return self.officer_actors[0]

    @property
    def second(self) -> Actor:
        """The second officer, who confirms."""
        return self.officer_actors[1]

    def maker(self, letter: str) -> Maker:
        """The manufacturer of a letter."""
        return self.by_letter[letter]

    def bring_to_opening(self) -> "AwardWorld":
        """Prepare the round, let the makers bid, close it and open the bids."""
        self.manifest = self.prepare()
        for letter, lines in self.bids.items():
            self.by_letter[letter] = self.new_maker()
            self.bid(self.by_letter[letter], self.manifest, Bid(lines=lines))
        self.close()
        for seat in (1, 2):
            self.post_all(seat)
        self.decide_to_open()
        self.open()
        return self

    def copied(self, engine: Engine) -> "AwardWorld":
        """The same world of another database; makers count their versions apart."""
        other = copy(self)
        other.engine = engine
        other.by_letter = {
            letter: replace(maker, secrets=[*maker.secrets])
            for letter, maker in self.by_letter.items()
        }
        other.makers = list(other.by_letter.values())
        return other

    def post_all(self, seat: int) -> None:
        """Post the shares of one keyholder for all bids."""
        with transaction(self.engine) as session:
            round_ = self.round(session)
            leaves = envelopes_to_unseal(
                session, round_=round_, after=0, limit=1000, secret_key=SECRET
            )
            posting = self.posting(self.manifest, [leaf.envelope for leaf in leaves], seat)
            post_shares(
                session,
                round_=round_,
                actor=self.holder_actors[seat - 1],
                body=posting.to_bytes(),
                secret_key=SECRET,
            )

    def decide_to_open(self) -> None:
        """Let two officers decide to open the bids."""
        with transaction(self.engine) as session:
            moment = database_moment(session)
            session.add(
                StepProposal(
                    round_id=self.round_id,
                    step=Step.OPEN_BIDS,
                    content="{}",
                    digest="0" * 64,
                    status=ProposalStatus.CONFIRMED,
                    proposed_by=self.officers[0].id,
                    proposed_at=moment,
                    decided_by=self.officers[1].id,
                    decided_at=moment,
                )
            )

    def settle_tie(self, *, yes: str = "A", no: str = "C") -> "AwardWorld":
        """Let two officers settle the tie in L02, and evaluate again."""
        wanted = BureauAnswer(
            lot="L02",
            question=QuestionKind.TIE,
            answers={self.maker(yes).name: True, self.maker(no).name: False},
            reason="更早通过一致性评价",
        )
        self.take_step(ANSWER_QUESTION, lambda session: self.draft(session, wanted))
        return self.evaluate()

    def draft(self, session: Session, wanted: BureauAnswer) -> StepRequest:
        """Draft an answer of the bureau, to be proposed."""
        round_, moment = self.round(session), database_moment(session)
        draft = draft_answers(
            session, round_=round_, wanted=wanted, actor=self.officer, moment=moment
        )
        return StepRequest(round_=round_, about=str(draft.id), moment=moment)

    def take_step(self, kind: StepKind, ask: Callable[[Session], StepRequest]) -> int:
        """Propose a step as the first officer and confirm it as the second."""
        with transaction(self.engine) as session:
            proposal = propose_step(session, kind=kind, request=ask(session), actor=self.officer)
            proposal_id = proposal.id
        with transaction(self.engine) as session:
            proposal = session.get_one(StepProposal, proposal_id)
            confirm_step(
                session,
                kind=kind,
                proposal=proposal,
                digest=proposal.digest,
                actor=self.second,
                moment=database_moment(session),
            )
        return proposal_id

    def ask_bidders(self) -> Manifest:
        """Call for second answers; returns what they are sealed under."""
        with transaction(self.engine) as session:
            sitting = call_second_answers(
                session,
                round_=self.round(session),
                due_in=timedelta(minutes=30),
                actor=self.officer,
                moment=database_moment(session),
                secret_key=SECRET,
            )
            for maker in self.makers:
                # Versions are counted in each sitting.
                maker.version, maker.last = 0, None
            return require_manifest(session, round_id=self.round_id, sitting=sitting.number)

    def let_sitting_pass(self) -> "AwardWorld":
        """Ask bidders, nobody answers, and the round is evaluated again."""
        self.ask_bidders()
        close(self)
        open_answers(self)
        return self.evaluate()

    def answer_revival(self, *, accepts: bool = True) -> "AwardWorld":
        """Let C answer the offer in L01 under seal, open the answer, and evaluate again."""
        manifest = self.ask_bidders()
        reply = Bid(answers=(AnswerLine("L01", "revive", accepts),))
        answer(self, self.maker("C"), manifest, reply)
        close(self)
        for seat in (1, 2):
            unseal(self, manifest, seat)
        open_answers(self)
        return self.evaluate()

    def announce(self, *, days: int = 3) -> "AwardWorld":
        """Put the selection on notice."""
        with transaction(self.engine) as session:
            moment = database_moment(session)
            announce(
                session,
                round_=self.round(session),
                closes_at=moment + timedelta(days=days),
                actor=self.officer,
                moment=moment,
            )
        return self

    def end_notice(self) -> "AwardWorld":
        """Let the notice be over, by the database's clock; triggers are put aside for it."""
        with transaction(self.engine) as session:
            _without_triggers(
                session,
                update(AwardNotice)
                .where(AwardNotice.round_id == self.round_id)
                .values(closes_at=database_moment(session)),
            )
        return self

    def fix_award(self, *, starts_on: date = date(2027, 1, 1)) -> "AwardWorld":
        """Let two officers fix the award."""
        self.take_step(
            FIX_AWARD,
            lambda session: StepRequest(
                round_=self.round(session),
                about=starts_on.isoformat(),
                moment=database_moment(session),
            ),
        )
        return self

    def every_status_but(self, *left_out: RoundStatus) -> Iterator[RoundStatus]:
        """Bring the round to each other status in turn, whatever may follow what."""
        for status in RoundStatus:
            if status not in left_out:
                with transaction(self.engine) as session:
                    self.round(session).status = status
                yield status

    def evaluate(self) -> "AwardWorld":
        """Evaluate the round."""
        with transaction(self.engine) as session:
            evaluate_round(session, round_=self.round(session), moment=database_moment(session))
        return self


def add_volumes(session: Session, round_: Round) -> AggregationRun:
    """Fix base volumes as an aggregation does."""
    run = AggregationRun(
        round_id=round_.id,
        number=1,
        digest="0" * 64,
        reports=0,
        hospitals=0,
        missing=0,
        missing_ids="[]",
        made_at=round_.imported_at,
    )
    session.add(run)
    session.flush()
    strengths = session.execute(
        select(Lot.code, LotStrength)
        .join(LotStrength, LotStrength.lot_id == Lot.id)
        .where(Lot.round_id == round_.id)
    ).all()
    for code, strength in strengths:
        session.add_all(
            BaseVolume(
                run_id=run.id,
                region=region,
                lot_strength_id=strength.id,
                volume=BASE[code][strength.strength],
                reports=1,
            )
            for region in REGIONS
        )
    session.flush()
    return run


def opened_round(engine: Engine, **wanted) -> AwardWorld:
    """A round whose bids are open and not evaluated yet."""
    return _kept_as(
        "opened", engine, lambda: AwardWorld(engine, **wanted).bring_to_opening(), wanted
    )


def evaluated_round(engine: Engine, **wanted) -> AwardWorld:
    """A round that is evaluated: a revival in L01 and a tie in L02 are to be answered."""
    return _kept_as("evaluated", engine, lambda: opened_round(engine, **wanted).evaluate(), wanted)


def decided_round(engine: Engine, **wanted) -> AwardWorld:
    """A round without open questions: A won the tie, C accepted its revival."""
    return _kept_as(
        "decided",
        engine,
        lambda: evaluated_round(engine, **wanted).settle_tie().answer_revival(),
        wanted,
    )


def announced_round(engine: Engine, **wanted) -> AwardWorld:
    """A round on notice."""
    return _kept_as("announced", engine, lambda: decided_round(engine, **wanted).announce(), wanted)


def awarded_round(engine: Engine, **wanted) -> AwardWorld:
    """A round whose award is fixed."""
    return _kept_as(
        "awarded",
        engine,
        lambda: announced_round(engine, **wanted).end_notice().fix_award(),
        wanted,
    )


def _kept_as(
    stage: str, engine: Engine, build: Callable[[], AwardWorld], wanted: Mapping[str, object]
) -> AwardWorld:
    """Build a round, or fill the database with one that was built like it before.

    Only a plain one is kept, and only written into a database without organisations.
    """
    with engine.connect() as connection:
        is_empty = connection.scalar(select(func.count()).select_from(Organisation)) == 0
    if wanted or not is_empty:
        return build()
    return kept(stage, engine, build=lambda _: build(), copied=AwardWorld.copied)


def _without_triggers(session: Session, statement: Update) -> None:
    """Change a row of a table that only grows, as only the passing of time could."""
    table = str(statement.table)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        session.execute(statement)
        session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        return
    session.execute(text(f"DROP TRIGGER tr_{table}_refuse_update"))
    session.execute(statement)
    for trigger in append_only_ddl(table, dialect="sqlite"):
        if "refuse_update" in trigger:
            session.execute(text(trigger))


DAY = timedelta(days=1)
