"""Lots by machine."""

from dataclasses import dataclass
from decimal import Decimal

from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from bidding.bid_sheet import Category
from procurement.permissions import Action
from procurement.rounds import ending
from procurement.rounds.at_edge import round_for
from procurement.rounds.lots import (
    LotFacts,
    StrengthFacts,
    add_lot,
    change_lot,
    find_lot,
    lot_facts,
    remove_lot,
)
from procurement.rounds.sheet import lots_of
from procurement.rounds.tables import Lot
from procurement.web import Visit, reads, writes


@dataclass(frozen=True, slots=True)
class StrengthBody:
    """A strength of a lot; decimals are strings.

    Attributes:
        strength: Label, such as ``10mg``.
        ratio: Content relative to the lot's main strength.
        price_ceiling: Maximum valid declared price, yuan per unit of this strength.
        benchmark_price: Benchmark of an inquiry, yuan per unit.
    """

    strength: str
    ratio: Decimal
    price_ceiling: Decimal | None = None
    benchmark_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LotWithdrawal:
    """Why a lot is withdrawn; the reason is published."""

    reason: str


@dataclass(frozen=True, slots=True)
class LotBody:
    """A lot.

    Attributes:
        code: Identifier in the round, such as ``L01``.
        product: Generic name and dosage form.
        unit: Minimal unit.
        strengths: One or more.
        generic_product_id: Its generic product in the catalogue.
        dosage_form: ``oral-solid``, ``small-injection``, ``large-injection`` or ``other``.
        category: ``general``, ``restricted`` or ``special``.
        daily_dose: Minimal units of the main strength a day.
        by_brand: Hospitals may report by brand.
        version: As it was read; needed for a change.
    """

    code: str
    product: str
    unit: str
    strengths: list[StrengthBody]
    generic_product_id: int | None = None
    dosage_form: str | None = None
    category: str = Category.GENERAL
    daily_dose: Decimal | None = None
    by_brand: bool = False
    version: int = 0

    def facts(self) -> LotFacts:
        """The same as the service takes it."""
        return LotFacts(
            code=self.code,
            product=self.product,
            unit=self.unit,
            generic_product_id=self.generic_product_id,
            dosage_form=self.dosage_form,
            category=self.category,
            daily_dose=self.daily_dose,
            by_brand=self.by_brand,
            strengths=tuple(
                StrengthFacts(
                    strength=one.strength,
                    ratio=one.ratio,
                    price_ceiling=one.price_ceiling,
                    benchmark_price=one.benchmark_price,
                )
                for one in self.strengths
            ),
        )


@dataclass(frozen=True, slots=True)
class LotAnswer:
    """A lot as it is stored.

    Attributes:
        id: For references of other stages.
        lot: What it is.
        failed_reason: Why it failed or was withdrawn; null while it stands.
    """

    id: int
    lot: LotBody
    failed_reason: str | None


@dataclass(frozen=True, slots=True)
class LotPage:
    """The lots of a round, by code."""

    items: list[LotAnswer]
    next_cursor: str | None = None


@get("/api/v1/rounds/{name:str}/lots", tags=["rounds"])
@reads
def list_lots(visit: Visit, name: FromPath[str]) -> LotPage:
    """List the lots of a round."""
    round_, _ = round_for(visit, name, Action.READ_ROUND)
    return LotPage([_answer(visit, lot) for lot in lots_of(visit.session, round_id=round_.id)])


@post("/api/v1/rounds/{name:str}/lots", tags=["rounds"])
@writes
def create_lot(visit: Visit, name: FromPath[str], data: JSONBody[LotBody]) -> LotAnswer:
    """Add a lot to a draft."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    lot = add_lot(
        visit.session,
        round_=round_,
        facts=data.facts(),
        actor=visit.actor,
        moment=visit.moment,
    )
    return _answer(visit, lot)


@get("/api/v1/rounds/{name:str}/lots/{code:str}", tags=["rounds"])
@reads
def read_lot(visit: Visit, name: FromPath[str], code: FromPath[str]) -> LotAnswer:
    """Read one lot."""
    round_, _ = round_for(visit, name, Action.READ_ROUND)
    return _answer(visit, find_lot(visit.session, round_id=round_.id, code=code))


@put("/api/v1/rounds/{name:str}/lots/{code:str}", tags=["rounds"])
@writes
def save_lot(
    visit: Visit, name: FromPath[str], code: FromPath[str], data: JSONBody[LotBody]
) -> LotAnswer:
    """Change a lot; after volume reporting has begun its prices only."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    lot = find_lot(visit.session, round_id=round_.id, code=code)
    change_lot(
        visit.session,
        round_=round_,
        lot=lot,
        facts=data.facts(),
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _answer(visit, lot)


@delete("/api/v1/rounds/{name:str}/lots/{code:str}", tags=["rounds"])
@writes
def drop_lot(visit: Visit, name: FromPath[str], code: FromPath[str]) -> None:
    """Take a lot out of a draft."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    lot = find_lot(visit.session, round_id=round_.id, code=code)
    remove_lot(visit.session, round_=round_, lot=lot, actor=visit.actor, moment=visit.moment)


@post("/api/v1/rounds/{name:str}/lots/{code:str}/withdrawal", tags=["rounds"])
@writes
def withdraw_lot(
    visit: Visit, name: FromPath[str], code: FromPath[str], data: JSONBody[LotWithdrawal]
) -> LotAnswer:
    """Withdraw a lot while volumes are reported or the draft is commented on; later two do."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    lot = find_lot(visit.session, round_id=round_.id, code=code)
    ending.withdraw_lot(
        visit.session,
        round_=round_,
        lot=lot,
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _answer(visit, lot)


def _answer(visit: Visit, lot: Lot) -> LotAnswer:
    facts = lot_facts(visit.session, lot=lot)
    body = LotBody(
        code=facts.code,
        product=facts.product,
        unit=facts.unit,
        generic_product_id=facts.generic_product_id,
        dosage_form=facts.dosage_form,
        category=facts.category,
        daily_dose=facts.daily_dose,
        by_brand=facts.by_brand,
        version=lot.version,
        strengths=[
            StrengthBody(
                strength=one.strength,
                ratio=one.ratio,
                price_ceiling=one.price_ceiling,
                benchmark_price=one.benchmark_price,
            )
            for one in facts.strengths
        ],
    )
    return LotAnswer(lot.id, body, lot.failed_reason)


ROUTES = (list_lots, create_lot, read_lot, save_lot, drop_lot, withdraw_lot)
"""Handlers of these addresses."""
