"""A settlement of a region whose cycle is over: hospitals, a group, purchases, an agency."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path

from sqlalchemy import Engine, select

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.agreements.tables import AgreedSupply, AgreedVolume
from procurement.database import transaction
from procurement.jobs import JobRun
from procurement.orders.purchases.amounts import amounts_of
from procurement.orders.purchases.recording import PurchaseFacts, record_purchase
from procurement.orders.states import PurchaseSource
from procurement.permissions import Actor, Role
from procurement.rounds.tables import Lot, LotStrength
from procurement.savings.assessments.assessing import Assessing, assess_on_site, assess_self
from procurement.savings.assessments.closing import close_assessments
from procurement.savings.jobs import HANDLERS
from procurement.savings.publishing.publishing import publish
from procurement.savings.publishing.reporting import report_settlement
from procurement.savings.settlements.drafting import Draft, draft_settlement
from procurement.savings.settlements.extracting import start_extracting
from procurement.savings.settlements.factors import give_factors
from procurement.savings.settlements.lines import supplies_of
from procurement.savings.settlements.runs import JOBS, latest_run
from procurement.savings.statements.answering import (
    Decision,
    confirm_statement,
    decide_objection,
    object_to_statement,
    send_to_hospitals,
)
from procurement.savings.statements.computing import start_computing
from procurement.savings.statements.content import statement_of, statements_of
from procurement.savings.statements.objections import objections_of
from procurement.savings.tables import SavingsAssessment, SavingsRun, SavingsSettlement
from procurement.settings import Settings
from tests.procurement.agreements.world import Somebody
from tests.procurement.orders.world import PACKS, OrdersWorld, running_round
from tests.procurement.rounds.world import REGIONS, actor_of, new_organisation, new_person

YEAR_END = datetime(2028, 1, 10, 4, tzinfo=UTC)
"""The first term is over."""

REGION = REGIONS[2]
NAME = "anhui-2027"
INDICATORS = {"volume-completion": "60", "rules-kept": "40"}
BANDS = {"80": {"ratio": "0.50", "grade": "优秀"}, "60": "0.40", "0": "0"}
PARAMETERS = {
    "negative_base": "floor_each",
    "completion_unit": "product",
    "bands": BANDS,
    "indicators": INDICATORS,
}
FACTORS = {"payment_ratio": "0.60", "insured_share": "0.90", "fund_share_employee": "0.25"}
PRICES_BEFORE = {"1mg": "12.5", "250mg": "0.5", "500mg": "0.9", "80mg": "9.1234"}


@dataclass
class SavingsWorld:
    """What tests do with a settlement; each call is one transaction."""

    orders: OrdersWorld
    engine: Engine
    data: Path
    moment: datetime = YEAR_END
    indicators: Mapping[str, str] = field(default_factory=lambda: INDICATORS)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self):
        self.officer = self.orders.officer
        self.bureau = self.orders.bureau
        self.hospitals = [*self.orders.hospitals[REGION], self.orders.lead, *self.orders.members]
        self.lead, self.members = self.orders.lead, self.orders.members
        with transaction(self.engine) as session:
            self.agency = self._new(session, OrganisationKind.FUND_AGENCY, "省医保中心", REGION)
            self.national = self._new(session, OrganisationKind.BUREAU, "国家联采办", "000000")

    def _new(self, session, kind, name, region):
        organisation = new_organisation(session, kind, name, region=region)
        role = Role.OFFICER if kind == OrganisationKind.BUREAU else Role(kind)
        person = new_person(session, organisation, role)
        return Somebody(organisation, person, actor_of(session, person))

    # what was agreed and bought

    def agreed(self):
        """Hospital, supply, volume and base volume of every line."""
        with self.engine.connect() as connection:
            return connection.execute(
                select(
                    AgreedVolume.hospital_id,
                    AgreedVolume.supply_id,
                    AgreedVolume.volume,
                    AgreedVolume.base_volume,
                )
                .join(AgreedSupply, AgreedSupply.id == AgreedVolume.supply_id)
                .join(Organisation, Organisation.id == AgreedVolume.hospital_id)
                .where(Organisation.region == REGION)
                .order_by(AgreedVolume.hospital_id, AgreedVolume.supply_id)
            ).all()

    def buy_agreed(self, share=lambda hospital_id, supply_id: Decimal(1)):
        """Let every hospital take in a share of what it agreed to, in whole units."""
        with transaction(self.engine) as session:
            for hospital_id, supply_id, volume, _ in self.agreed():
                units = int(volume * share(hospital_id, supply_id))
                if units:
                    self.record(session, hospital_id, supply_id, units)

    def record(self, session, hospital_id, supply_id, units, *, winning=True, day=None, price=None):
        """One purchase line of a supply, or of others in its strength."""
        supply = session.get_one(AgreedSupply, supply_id)
        strength = session.get_one(LotStrength, supply.lot_strength_id)
        lot = session.get_one(Lot, strength.lot_id)
        one = amounts_of(
            packs=1,
            pack_units=PACKS[lot.code][0],
            pack_price=Decimal(PACKS[lot.code][1]) * strength.strength_ratio,
        )
        unit_price = price or one.unit_price
        return record_purchase(
            session,
            PurchaseFacts(
                hospital_id=hospital_id,
                region=session.get_one(Organisation, hospital_id).region,
                product=lot.product,
                received_on=day or date(2027, 6, 1),
                is_winning=winning,
                is_negotiated=False,
                quantity=units,
                unit_price=unit_price,
                amount=unit_price * units,
                source=PurchaseSource.MOVEMENT if not winning else PurchaseSource.RECEIPT,
                source_id=next(self.numbers),
                round_id=lot.round_id,
                term_id=supply.term_id if winning else None,
                supply_id=supply_id if winning else None,
                lot_id=lot.id,
                lot_strength_id=strength.id,
            ),
            moment=self.moment,
        )

    def spend_on_others(self, hospital_id, supply_id, units, price="1.00", **how):
        """Let a hospital buy of others."""
        with transaction(self.engine) as session:
            self.record(
                session, hospital_id, supply_id, units, winning=False, price=Decimal(price), **how
            )

    # the steps

    def drafted(self, **changes):
        """What an officer gives in the draft."""
        given = {
            "title": "2027 年度结余留用",
            "region": REGION,
            "rulebook": "savings-national-2020",
            "term_ids": (self.orders.term_id,),
            "parameters": PARAMETERS,
            "agency_id": self.agency.id,
        }
        return Draft(**{**given, **changes})

    def draft(self, name=NAME, **changes):
        with transaction(self.engine) as session:
            settlement = draft_settlement(
                session,
                name=name,
                draft=self.drafted(**changes),
                actor=self.officer,
                moment=self.moment,
            )
            self.settlement_id = settlement.id
        return self

    def settlement(self, session) -> SavingsSettlement:
        found: SavingsSettlement = session.get_one(SavingsSettlement, self.settlement_id)
        return found

    def do(self, service, **given):
        """Call a service as the bureau's officer, unless somebody else is named."""
        with transaction(self.engine) as session:
            return service(
                session,
                settlement=self.settlement(session),
                **{"actor": self.officer, "moment": self.moment, **given},
            )

    def read(self, service, **given):
        """Call a reading service."""
        with transaction(self.engine) as session:
            found = service(session, settlement=self.settlement(session), **given)
            session.expunge_all()
            return found

    def factors(self, **changes):
        """Give the factors of all lines, and the price of each strength before the round."""
        self.do(give_factors, place=(0, 0, 0), texts={**FACTORS, **changes})
        with transaction(self.engine) as session:
            supplies = supplies_of(session, term_ids=[self.orders.term_id]).values()
            strengths = {one.strength_id: one.strength for one in supplies}
        for strength_id, strength in strengths.items():
            texts = {"price_before": PRICES_BEFORE[strength]}
            self.do(give_factors, place=(0, 0, strength_id), texts=texts)
        return self

    def job(self, run_id: int, *, handler=None) -> SavingsRun:
        """Carry a run out, as the worker does."""
        with transaction(self.engine) as session:
            row = session.get_one(SavingsRun, run_id)
            kind, job_id = row.kind, row.job_id
        assert job_id is not None
        settings = Settings(self.data, str(self.engine.url))
        run = JobRun(job_id, {"run_id": run_id}, self.engine, settings, lambda: self.moment)
        (handler or HANDLERS[JOBS[kind]])(run)
        return self.run(run_id)

    def run(self, run_id: int) -> SavingsRun:
        with transaction(self.engine) as session:
            row = session.get_one(SavingsRun, run_id)
            session.expunge(row)
            return row

    def start(self, service, **given) -> int:
        """Ask for a run; returns its id."""
        with transaction(self.engine) as session:
            run: SavingsRun = service(
                session,
                settlement=self.settlement(session),
                **{"actor": self.officer, "moment": self.moment, **given},
            )
            return run.id

    def extract(self):
        run = self.job(self.start(start_extracting))
        assert run.status == "done", run.fault_en
        return self

    def assess(self, hospital_id: int, points=("60", "30"), *, on_site=None, **given):
        """Let a hospital assess itself, or the bureau visit it; each product where those count."""
        texts = dict(zip(self.indicators, on_site or points, strict=True))
        service = assess_on_site if on_site else assess_self
        with transaction(self.engine) as session:
            own = {"settlement_id": self.settlement_id, "hospital_id": hospital_id}
            for assessment in session.scalars(select(SavingsAssessment).filter_by(**own)).all():
                service(
                    session,
                    settlement=self.settlement(session),
                    assessment=assessment,
                    given=Assessing(texts, {}, assessment.version, **given),
                    actor=self.officer,
                    moment=self.moment,
                )

    def assess_all(self, points=("60", "30")):
        for one in self.hospitals:
            self.assess(one.id, points)
            self.assess(one.id, on_site=points)
        self.do(close_assessments, reason="")
        return self

    def compute(self):
        run = self.job(self.start(start_computing))
        assert run.status == "done", run.fault_en
        return self

    def computed(self, **changes):
        """A settlement whose statements are computed."""
        return self.draft(**changes).factors().extract().assess_all().compute()

    def send(self, answer_by=None):
        self.do(send_to_hospitals, answer_by=answer_by)
        return self

    def confirm_all(self):
        for row in self.read(statements_of):
            self.confirm(row.hospital_id)
        return self

    def confirm(self, hospital_id: int):
        digest = self.statement(hospital_id).digest
        actor = self.actor(hospital_id)
        self.do(confirm_statement, hospital_id=hospital_id, digest=digest, actor=actor)

    def report(self):
        self.do(report_settlement, to_bureau_id=None, note="")
        return self

    def publish(self, until=date(2028, 1, 17)):
        self.do(publish, until=until, basis="某省结余留用办法")
        return self

    def statement(self, hospital_id: int, **which):
        return self.read(statement_of, hospital_id=hospital_id, **which)

    def actor(self, hospital_id: int) -> Actor:
        return next(one.actor for one in self.hospitals if one.id == hospital_id)

    def object_to(self, hospital: Somebody, reason="参保人员占比有误"):
        """Let a hospital object to the statement that counts."""
        self.do(
            object_to_statement,
            hospital_id=hospital.id,
            digest=self.statement(hospital.id).digest,
            reason=reason,
            actor=hospital.actor,
        )

    def decide(self, verdict, text="情况属实", **decision):
        """Decide the newest objection; the job that computes anew is not carried out yet."""
        with transaction(self.engine) as session:
            settlement = self.settlement(session)
            decide_objection(
                session,
                settlement=settlement,
                view=objections_of(session, settlement=settlement)[0],
                decision=Decision(verdict, text, **decision),
                actor=self.officer,
                moment=self.moment,
            )

    def close(self):
        self.do(close_assessments, reason="")
        return self

    def latest_run(self) -> SavingsRun:
        run: SavingsRun = self.read(latest_run)
        return run

    def statement_strength(self) -> int:
        """A strength of the settlement."""
        with transaction(self.engine) as session:
            supplies = supplies_of(session, term_ids=[self.orders.term_id])
        return next(iter(supplies.values())).strength_id


def savings_world(engine, data: Path) -> SavingsWorld:
    """A region whose first term is over, and nothing is settled."""
    return SavingsWorld(running_round(engine), engine, data)
