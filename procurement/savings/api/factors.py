"""Factors of a settlement by machine."""

from dataclasses import dataclass

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.accounts.tables import Organisation
from procurement.permissions import Action
from procurement.savings.at_edge import settlement_for
from procurement.savings.settlements.factor_files import give_factors_from_csv
from procurement.savings.settlements.factors import give_factors, missing_factors
from procurement.web import Visit, reads, writes

SHOWN_MAX = 500


@dataclass(frozen=True, slots=True)
class FactorBody:
    """Factors of all lines, a hospital, a strength, or one line; empty texts are not given.

    Attributes:
        hospital_id: 0 for all.
        term_id: 0 for all.
        strength_id: Strength of a lot; 0 for all.
        price_before: Yuan per minimal unit.
        payment_ratio: Share from 0 to 1.
        payment_ratio_spend: Share from 0 to 1.
        insured_share: Share from 0 to 1.
        fund_share_employee: Share from 0 to 1, or a quotient.
    """

    hospital_id: int = 0
    term_id: int = 0
    strength_id: int = 0
    price_before: str = ""
    payment_ratio: str = ""
    payment_ratio_spend: str = ""
    insured_share: str = ""
    fund_share_employee: str = ""


@dataclass(frozen=True, slots=True)
class FactorFileBody:
    """A file of factors.

    Attributes:
        content: CSV.
    """

    content: str


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """What was taken over.

    Attributes:
        rows: How many lines.
    """

    rows: int


@dataclass(frozen=True, slots=True)
class MissingEntry:
    """A factor that a line needs.

    Attributes:
        hospital_id: The hospital.
        hospital: Its name.
        term_id: The batch-year.
        strength_id: The strength.
        lot: Code of the lot.
        product: Generic name.
        strength: As the document prints it.
        factor: Name of the factor.
        is_ambiguous: Two values are given.
    """

    hospital_id: int
    hospital: str
    term_id: int
    strength_id: int
    lot: str
    product: str
    strength: str
    factor: str
    is_ambiguous: bool


@dataclass(frozen=True, slots=True)
class MissingList:
    """Factors that are missing.

    Attributes:
        items: The first of them.
        number: How many there are in all.
    """

    items: list[MissingEntry]
    number: int


@post("/api/v1/savings/{name:str}/factors", status_code=201)
@writes
def post_factors(visit: Visit, name: FromPath[str], data: JSONBody[FactorBody]) -> StoredEntry:
    """Give factors; what was given for the same place before is replaced."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    give_factors(
        visit.session,
        settlement=settlement,
        place=(data.hospital_id, data.term_id, data.strength_id),
        texts={
            "price_before": data.price_before,
            "payment_ratio": data.payment_ratio,
            "payment_ratio_spend": data.payment_ratio_spend,
            "insured_share": data.insured_share,
            "fund_share_employee": data.fund_share_employee,
        },
        actor=visit.actor,
        moment=visit.moment,
    )
    return StoredEntry(1)


@post("/api/v1/savings/{name:str}/factors/file", status_code=201)
@writes
def post_factor_file(
    visit: Visit, name: FromPath[str], data: JSONBody[FactorFileBody]
) -> StoredEntry:
    """Give factors by a file: with one bad line nothing is stored, and all faults are listed."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    rows = give_factors_from_csv(
        visit.session,
        settlement=settlement,
        content=data.content.encode(errors="replace"),
        actor=visit.actor,
        moment=visit.moment,
    )
    return StoredEntry(rows)


@get("/api/v1/savings/{name:str}/factors/missing")
@reads
def list_missing(visit: Visit, name: FromPath[str]) -> MissingList:
    """List the factors that lines need and that are not given, or given twice."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    found = missing_factors(visit.session, settlement=settlement)
    return MissingList(
        [
            MissingEntry(
                one.hospital_id,
                visit.session.get_one(Organisation, one.hospital_id).name,
                one.supply.term_id,
                one.supply.strength_id,
                one.supply.lot,
                one.supply.product,
                one.supply.strength,
                one.factor,
                one.is_ambiguous,
            )
            for one in found[:SHOWN_MAX]
        ],
        len(found),
    )


ROUTES = (post_factors, post_factor_file, list_missing)
"""Handlers of factors."""
