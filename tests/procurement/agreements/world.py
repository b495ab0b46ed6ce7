"""A round whose regions are chosen, with hospitals that reported, a group and distributors."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, insert, select, update

from procurement.accounts.tables import Organisation, OrganisationKind, Person, RelationKind
from procurement.agreements.distributors import (
    answer_nomination,
    choose_distributor,
    nominate_distributor,
    supplied_regions,
)
from procurement.agreements.jobs import make_agreements
from procurement.agreements.signing import Wanted, sign_agreements
from procurement.agreements.states import Party, TermKind
from procurement.agreements.tables import Agreement, AgreementTerm
from procurement.agreements.terms import TermFacts, start_term, year_from
from procurement.awards.regions.choosers import choosing_lots
from procurement.awards.regions.service import choose_region, start_choice
from procurement.awards.regions.turns import turns_of
from procurement.database import database_moment, transaction
from procurement.jobs import JobRun
from procurement.permissions import Actor, Role
from procurement.rounds.tables import Lot, LotStrength
from procurement.settings import Settings
from procurement.volumes.aggregate import add_up
from procurement.volumes.states import ReportStatus
from procurement.volumes.tables import (
    AggregationRun,
    BaseVolume,
    VolumeLine,
    VolumeReport,
    VolumeSplit,
)
from tests.procurement.awards.regions.world import BIDS, STARTS_ON, AwardedWorld
from tests.procurement.rounds.world import REGIONS, actor_of, new_organisation, new_person
from tests.procurement.world import relate

NEED = {"L01": {"1mg": 1001}, "L02": {"250mg": 503, "500mg": 77}, "L03": {"80mg": 13}}
"""What each hospital reports by generic name, at least: odd numbers, so that parts are rounded."""


@dataclass
class Somebody:
    """An organisation with one person of it."""

    organisation: Organisation
    person: Person
    actor: Actor

    @property
    def id(self) -> int:
        """Id of the organisation."""
        return self.organisation.id


class AgreementWorld(AwardedWorld):
    """A round from the reports of its hospitals to its agreements."""

    def evaluate(self) -> "AgreementWorld":
        """Let hospitals have reported, by brand and by generic name, and evaluate."""
        with transaction(self.engine) as session:
            self.hospitals = {
                region: [self._somebody(session, "hospital", region) for _ in range(3)]
                for region in REGIONS
            }
            self.lead = self._somebody(session, "hospital", REGIONS[2])
            self.members = [self._somebody(session, "hospital", REGIONS[2]) for _ in range(2)]
            for member in self.members:
                relate(
                    session,
                    member.organisation,
                    RelationKind.MEMBER_OF_GROUP,
                    self.lead.organisation,
                )
            self.distributors = [self._somebody(session, "distributor", "340000") for _ in range(2)]
            self._report(session)
            self._aggregate(session)
        super().evaluate()
        return self

    def _somebody(self, session, kind: str, region: str) -> Somebody:
        known = OrganisationKind(kind)
        number = len(session.scalars(select(Organisation.id)).all())
        organisation = new_organisation(session, known, f"{kind} {number}", region=region)
        person = new_person(session, organisation, Role(kind))
        return Somebody(organisation, person, actor_of(session, person))

    def strengths(self, session):
        rows = session.execute(
            select(Lot.code, LotStrength.strength, LotStrength.id)
            .join(LotStrength, LotStrength.lot_id == Lot.id)
            .where(Lot.round_id == self.round_id)
        )
        return {(code, strength): one for code, strength, one in rows}

    def _report(self, session) -> None:
        strengths = self.strengths(session)
        for region, somebodies in self.hospitals.items():
            for number, one in enumerate(somebodies):
                report = self._accepted(session, region, one)
                for (code, strength), strength_id in strengths.items():
                    brand = self.by_letter["BD"[number - 1]].id if number else None
                    self._line(session, report, strength_id, NEED[code][strength] + number)
                    if number and code == "L01":
                        self._line(session, report, strength_id, 333 * number, brand)
        report = self._accepted(session, REGIONS[2], self.lead)
        line = self._line(session, report, strengths["L01", "1mg"], 100)
        parts = zip((self.lead, *self.members), (34, 33, 33), strict=True)
        session.add_all(
            VolumeSplit(line_id=line.id, member_id=one.id, volume=part) for one, part in parts
        )

    def _accepted(self, session, region, one):
        moment = database_moment(session)
        report = VolumeReport(
            round_id=self.round_id,
            hospital_id=one.id,
            region=region,
            status=ReportStatus.ACCEPTED,
            started_at=moment,
            changed_at=moment,
        )
        session.add(report)
        session.flush()
        return report

    def _line(self, session, report, strength_id, units, brand=None):
        line = VolumeLine(
            report_id=report.id,
            lot_strength_id=strength_id,
            brand_id=brand,
            quantity=units,
            demand=units,
        )
        session.add(line)
        session.flush()
        return line

    def _aggregate(self, session) -> None:
        run = AggregationRun(
            round_id=self.round_id,
            number=2,
            digest="0" * 64,
            reports=10,
            hospitals=12,
            missing=0,
            missing_ids="[]",
            made_at=database_moment(session),
        )
        session.add(run)
        session.flush()
        rows = [
            {
                "run_id": run.id,
                "region": one.region,
                "lot_strength_id": one.lot_strength_id,
                "brand_id": one.brand_id or None,
                "volume": one.volume,
                "reports": one.reports,
            }
            for one in add_up(session, round_id=self.round_id)
        ]
        session.execute(insert(BaseVolume), rows)

    def choose_all_regions(self) -> "AgreementWorld":
        """Let each winner take the first free region at its turn, and no spare one."""
        with transaction(self.engine) as session:
            round_, moment = self.round(session), database_moment(session)
            start_choice(
                session, round_=round_, minutes_per_turn=10, actor=self.officer, moment=moment
            )
        actors = {maker.id: maker.actor for maker in self.by_letter.values()}
        while True:
            with transaction(self.engine) as session:
                round_ = self.round(session)
                states = [
                    turns_of(session, lot=lot) for lot in choosing_lots(session, round_=round_)
                ]
                waiting = [state for state in states if state.waiting is not None]
                if not waiting:
                    return self
                state = waiting[0]
                turn = state.waiting
                assert turn is not None
                owner = state.lot.winner_by_id(turn.awarded_bid_id).organisation_id
                choose_region(
                    session,
                    round_=round_,
                    lot_code=state.lot.lot.code,
                    region=None if turn.spare else state.free(turn)[0],
                    actor=actors[owner],
                )

    def run_job(self, term_id: int) -> None:
        """Make the agreements of a term, as the worker does."""
        settings = Settings(Path(), str(self.engine.url))
        with transaction(self.engine) as session:
            job_id = session.get_one(AgreementTerm, term_id).job_id
            moment = database_moment(session)
        assert job_id is not None
        run = JobRun(job_id, {"term_id": term_id}, self.engine, settings, lambda: moment)
        make_agreements(run)

    def make_first(self) -> "AgreementWorld":
        """Make the agreements of the first year."""
        facts = TermFacts(kind=TermKind.FIRST, starts_on=STARTS_ON, ends_on=year_from(STARTS_ON))
        self.term_id = self.start(facts)
        self.run_job(self.term_id)
        return self

    def start(self, facts: TermFacts) -> int:
        with transaction(self.engine) as session:
            return start_term(
                session,
                round_=self.round(session),
                facts=facts,
                actor=self.officer,
                moment=database_moment(session),
            ).id

    def nominate_everywhere(self, *, confirm: bool = True) -> None:
        """Let every winner nominate the first distributor wherever it supplies."""
        distributor = self.distributors[0]
        for maker in self.by_letter.values():
            with transaction(self.engine) as session:
                round_, moment = self.round(session), database_moment(session)
                for region in supplied_regions(session, round_=round_, organisation_id=maker.id):
                    row = nominate_distributor(
                        session,
                        round_=round_,
                        region=region,
                        distributor_id=distributor.id,
                        actor=maker.actor,
                        moment=moment,
                    )
                    if confirm:
                        answer_nomination(
                            session,
                            round_=round_,
                            distribution_id=row.id,
                            confirms=True,
                            actor=distributor.actor,
                            moment=moment,
                        )

    def term(self, session) -> AgreementTerm:
        term: AgreementTerm = session.get_one(AgreementTerm, self.term_id)
        return term

    def agreements(self, session, **wanted) -> list[Agreement]:
        found = select(Agreement).filter_by(term_id=self.term_id, **wanted).order_by(Agreement.id)
        return list(session.scalars(found))

    def choose_distributors(self) -> None:
        """Let every hospital choose the first distributor for all its agreements."""
        with transaction(self.engine) as session:
            round_, moment = self.round(session), database_moment(session)
            for agreement in self.agreements(session):
                choose_distributor(
                    session,
                    round_=round_,
                    agreement=agreement,
                    distributor_id=self.distributors[0].id,
                    actor=self.officer,
                    moment=moment,
                )

    def sign(self, party: Party, organisation_id: int, actor: Actor, *ids: int, seal=None):
        """Sign as a party."""
        wanted = Wanted(party=party, organisation_id=organisation_id, agreement_ids=ids or None)
        with transaction(self.engine) as session:
            return sign_agreements(
                session,
                round_=self.round(session),
                term=self.term(session),
                wanted=wanted,
                actor=actor,
                moment=database_moment(session),
                seal=seal,
            )

    def every_hospital(self) -> list[Somebody]:
        """All hospitals that have agreements."""
        alone = [one for somebodies in self.hospitals.values() for one in somebodies]
        return [*alone, self.lead, *self.members]

    def sign_all(self) -> None:
        """Let everybody sign everything, hospitals first."""
        for one in self.every_hospital():
            self.sign(Party.HOSPITAL, one.id, one.actor)
        with self.read() as session:
            winners = {one.organisation_id for one in self.agreements(session)}
        for maker in self.by_letter.values():
            if maker.id in winners:
                self.sign(Party.MANUFACTURER, maker.id, maker.actor)
        distributor = self.distributors[0]
        self.sign(Party.DISTRIBUTOR, distributor.id, distributor.actor)

    def forget_reports(self) -> None:
        """Let a hospital's line differ from what was aggregated."""
        with transaction(self.engine) as session:
            session.execute(update(VolumeLine).values(demand=VolumeLine.demand + 1))


def chosen_round(engine: Engine, **wanted) -> AgreementWorld:
    """A round whose regions are chosen."""
    world = AgreementWorld(engine, **{"bids": BIDS, **wanted})
    world.bring_to_opening().evaluate()
    world.fix()
    return world.choose_all_regions()


def agreed_round(engine: Engine, **wanted) -> AgreementWorld:
    """A round whose first agreements are drawn up."""
    return chosen_round(engine, **wanted).make_first()
