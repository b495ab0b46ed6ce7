"""A bureau that watches a region: firms, institutions, drugs with prices, surveys."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Engine, insert, select

from procurement.accounts.tables import Organisation, OrganisationKind, Person
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.database import transaction
from procurement.monitoring.rules.parameters import Name
from procurement.monitoring.surveys.answering import answer_survey, sent_rows
from procurement.monitoring.surveys.running import open_survey
from procurement.monitoring.tables import SurveyAddressee
from procurement.monitoring.thresholds import give_thresholds
from procurement.orders.tables import PurchaseLine
from procurement.permissions import Role
from procurement.prices.kinds import PriceKind
from procurement.prices.service import PriceDetails, record_price
from procurement.rounds.tables import Lot, LotStrength
from tests.procurement.rounds.world import actor_of, new_organisation, new_person, new_round

REGION = "340000"
NOW = datetime(2027, 4, 10, 2, tzinfo=UTC)
MONTH = date(2027, 3, 1)
CODES = ("XA01BCD000A001010100001", "XA01BCD000A001010100002")


class MonitoringWorld:
    """People and drugs of a region.

    Attributes:
        engine: The database.
        officer: Of the bureau.
        second: Another officer of it.
        maker: A manufacturer with prices in the region.
        other_maker: A manufacturer without any.
        hospitals: Three, each with a clerk.
        pharmacy: A designated pharmacy.
        distributor: Of the region.
        stranger: A bureau officer of another province.
        generic_ids: Two generic products.
        product_ids: A product of the maker of each.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.moment = NOW
        with transaction(engine) as session:
            self._people(session)
            self._drugs(session)

    def _people(self, session) -> None:
        bureau = new_organisation(session, OrganisationKind.BUREAU, "省采购办", region=REGION)
        self.officer = self._somebody(session, bureau, Role.OFFICER)
        self.second = self._somebody(session, bureau, Role.OFFICER)
        self.supervisor = self._somebody(session, bureau, Role.SUPERVISOR)
        self.maker = self._firm(session, OrganisationKind.MANUFACTURER, "甲药业", "110000")
        self.other_maker = self._firm(session, OrganisationKind.MANUFACTURER, "乙药业", "110000")
        self.distributor = self._firm(session, OrganisationKind.DISTRIBUTOR, "配送", "340100")
        self.hospitals = [
            self._firm(session, OrganisationKind.HOSPITAL, f"医院{number}", "340100")
            for number in (1, 2, 3)
        ]
        self.pharmacy = self._firm(session, OrganisationKind.PHARMACY, "药店", "340200")
        far = new_organisation(session, OrganisationKind.BUREAU, "外省采购办", region="330000")
        self.stranger = self._somebody(session, far, Role.OFFICER)

    def _firm(self, session, kind, name, region):
        home = new_organisation(session, kind, name, region=region)
        return self._somebody(session, home, Role(kind.value))

    @staticmethod
    def _somebody(session, home: Organisation, *roles: Role):
        return actor_of(session, new_person(session, home, *roles))

    def _drugs(self, session) -> None:
        self.generic_ids, self.product_ids = [], []
        for number, code in enumerate(CODES):
            generic = GenericProduct(
                name=("缬沙坦", "阿那曲唑")[number], printed_form="口服常释剂型", unit="片"
            )
            session.add(generic)
            session.flush()
            strength = ProductStrength(generic_product_id=generic.id, label="80mg")
            session.add(strength)
            session.flush()
            product = Product(
                generic_product_id=generic.id,
                strength_id=strength.id,
                holder_id=self.maker.organisation_id,
                pack_units=10,
                drug_code=code,
                recorded_at=NOW,
                changed_at=NOW,
            )
            session.add(product)
            session.flush()
            self.generic_ids.append(generic.id)
            self.product_ids.append(product.id)
            self.price(session, generic.id, "20.00", starts_on=date(2026, 1, 1))

    def price(self, session, generic_id: int, yuan: str, *, starts_on: date, units: int = 10):
        """List a drug of the maker in the region."""
        return record_price(
            session,
            organisation_id=self.maker.organisation_id,
            generic_product_id=generic_id,
            strength="80mg",
            pack_units=units,
            pack_price=Decimal(yuan),
            kind=PriceKind.LISTING,
            starts_on=starts_on,
            source="挂网公告",
            moment=self.moment,
            details=PriceDetails(region=REGION, is_public=True),
        )

    def open(self, month: date = MONTH, *, days: float = 10, remind=(5, 1)) -> int:
        """Open a survey, and return its id."""
        with transaction(self.engine) as session:
            return open_survey(
                session,
                month=month,
                closes_at=self.moment + timedelta(days=days),
                remind_days=remind,
                note="",
                actor=self.officer,
                moment=self.moment,
            ).id

    def answer(self, survey_id: int, who, *rows: dict[str, str]):
        """Answer a survey for somebody's organisation."""
        with transaction(self.engine) as session:
            asked = session.scalars(
                select(SurveyAddressee).filter_by(
                    survey_id=survey_id, organisation_id=who.organisation_id
                )
            ).one()
            return answer_survey(
                session,
                survey_id=survey_id,
                organisation_id=who.organisation_id,
                sent=sent_rows(rows, link=asked.link),
                actor=who,
                moment=self.moment,
            ).revision

    def give(self, **values: str) -> None:
        """Give thresholds, all with one basis."""
        with transaction(self.engine) as session:
            typed = {
                Name(name.replace("_", "-")).value: (text, "会议纪要")
                for name, text in values.items()
            }
            give_thresholds(session, typed=typed, version=0, actor=self.officer, moment=self.moment)

    def person(self, actor) -> Person:
        """The person who acts."""
        with transaction(self.engine) as session:
            return session.get_one(Person, actor.person_id)

    def buy(self, *lines: tuple[int, int, date, int, str]) -> None:
        """Record purchases: hospital's place, generic's place, day, units, unit price.

        They are written as receipts that no order has: the strength is told by a lot else.
        """
        with transaction(self.engine) as session:
            known = session.query(PurchaseLine).count()
            session.execute(
                insert(PurchaseLine),
                [
                    {
                        "hospital_id": self.hospitals[hospital].organisation_id,
                        "region": "340100",
                        "organisation_id": self.maker.organisation_id,
                        "generic_product_id": self.generic_ids[generic],
                        "lot_strength_id": self.lot_strength_id(session),
                        "product": "药品",
                        "received_on": day,
                        "is_winning": False,
                        "is_negotiated": False,
                        "quantity": units,
                        "unit_price": Decimal(price),
                        "amount": units * Decimal(price),
                        "source": "movement",
                        "source_id": known + place + 1,
                        "recorded_at": NOW,
                    }
                    for place, (hospital, generic, day, units, price) in enumerate(lines)
                ],
            )

    def lot_strength_id(self, session) -> int:
        """A strength of a lot, for its label."""
        if not hasattr(self, "_strength_id"):
            from_round = self._new_round(session)
            self._strength_id = from_round
        return self._strength_id

    def _new_round(self, session) -> int:
        bureau = session.get_one(Organisation, self.officer.organisation_id)
        round_ = new_round(session, bureau=bureau, name="pilot", moment=NOW, keyholders=[])
        lot = session.scalars(select(Lot).where(Lot.round_id == round_.id)).first()
        strengths = select(LotStrength.id).where(LotStrength.lot_id == lot.id)
        return int(session.scalars(strengths).first())
