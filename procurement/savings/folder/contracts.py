"""``contracts.csv``: what hospitals agreed to, one line for each hospital, product and batch."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from procurement.rounds.folder.cells import optional, parse_flag, parse_name
from procurement.rounds.folder.faults import quoted
from procurement.rounds.folder.tables import Column, Row, Table
from procurement.savings.folder.cells import (
    parse_agreed_price,
    parse_fund_share,
    parse_share,
    parse_volume,
)
from procurement.savings.rules import Terms

HOSPITAL = Column("hospital", parse_name)
PRODUCT = Column("product", parse_name)
BASE_VOLUME = Column("base_volume", parse_volume)
AGREED_VOLUME = Column("agreed_volume", parse_volume)
PRICE_BEFORE = Column("price_before", parse_agreed_price)
WINNING_PRICE = Column("winning_price", parse_agreed_price)
BATCH = Column("batch", optional(parse_name), needed=False)
GROUP = Column("group", optional(parse_name), needed=False)
PAYMENT_RATIO = Column("payment_ratio", optional(parse_share), needed=False)
PAYMENT_RATIO_SPEND = Column("payment_ratio_spend", optional(parse_share), needed=False)
INSURED_SHARE = Column("insured_share", optional(parse_share), needed=False)
FUND_SHARE_EMPLOYEE = Column("fund_share_employee", optional(parse_fund_share), needed=False)
FOLLOW_ON = Column("follow_on", optional(parse_flag), needed=False)

COLUMNS = (
    *(HOSPITAL, PRODUCT, BASE_VOLUME, AGREED_VOLUME, PRICE_BEFORE, WINNING_PRICE),
    *(BATCH, GROUP, PAYMENT_RATIO, PAYMENT_RATIO_SPEND, INSURED_SHARE, FUND_SHARE_EMPLOYEE),
    FOLLOW_ON,
)

_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for every line that does not say otherwise; from ``scheme.toml``."""

    payment_ratio: Decimal | None = None
    payment_ratio_spend: Decimal | None = None
    insured_share: Decimal | None = None
    fund_share_employee: Fraction | None = None
    follow_on_batches: frozenset[str] = frozenset()
    two_ratios: bool = False


@dataclass(frozen=True, slots=True)
class Contracts:
    """The lines of the file.

    Attributes:
        terms: By hospital, batch and product.
        complete: Whether all hospitals that the file names are known.
        hospitals: All that it names, also in lines with a fault.
    """

    terms: tuple[Terms, ...]
    complete: bool
    hospitals: frozenset[str]


def read_contracts(table: Table, defaults: Defaults) -> Contracts:
    """Read ``contracts.csv``; faults are noted in the table."""
    terms: dict[_Key, Terms] = {}
    groups: dict[str, str | None] = {}
    funds: dict[str, bool] = {}
    for row in table.rows(COLUMNS):
        line = _terms(row, defaults)
        if line is None:
            table.broken.append({HOSPITAL.name: row[HOSPITAL]})
            continue
        if line.key in terms:
            problem = f"{quoted(line.product)} of {quoted(line.hospital)} is there already"
            row.fault(PRODUCT, problem, "one line for each hospital, product and batch")
        if groups.setdefault(line.hospital, line.group) != line.group:
            row.fault(GROUP, "is not the group of an earlier line", "one group for a hospital")
        has_share = line.fund_share_employee is not None
        if funds.setdefault(line.hospital, has_share) != has_share:
            problem = "is given in some lines of the hospital only"
            row.fault(FUND_SHARE_EMPLOYEE, problem, "it in all lines of a hospital, or in none")
        terms[line.key] = line
    if not table.rows_read and table.complete:
        table.fault(None, None, "has no line below its header", "one line for each agreement")
    named = {line.hospital for line in terms.values()}
    named |= {cells.get(HOSPITAL.name, "") for cells in table.broken}
    return Contracts(tuple(terms[key] for key in sorted(terms)), table.complete, frozenset(named))


def _terms(row: Row, defaults: Defaults) -> Terms | None:
    """The terms of one line; None, with a fault, where a ratio is given nowhere."""
    ratio = _given(row[PAYMENT_RATIO], defaults.payment_ratio)
    share = _given(row[INSURED_SHARE], defaults.insured_share)
    of_spend = _given(row[PAYMENT_RATIO_SPEND], defaults.payment_ratio_spend)
    missing = [
        column
        for column, value in ((PAYMENT_RATIO, ratio), (INSURED_SHARE, share))
        if value is None
    ]
    if defaults.two_ratios and of_spend is None:
        missing.append(PAYMENT_RATIO_SPEND)
    for column in missing:
        row.fault(column, "is given neither here nor in scheme.toml", "a share from 0 to 1")
    if missing or ratio is None or share is None:
        return None
    batch = row[BATCH]
    fund_share = row[FUND_SHARE_EMPLOYEE]
    return Terms(
        hospital=row[HOSPITAL],
        product=row[PRODUCT],
        base_volume=row[BASE_VOLUME],
        agreed_volume=row[AGREED_VOLUME],
        price_before=row[PRICE_BEFORE],
        winning_price=row[WINNING_PRICE],
        payment_ratio=ratio,
        insured_share=share,
        payment_ratio_spend=of_spend,
        batch=batch,
        group=row[GROUP],
        fund_share_employee=defaults.fund_share_employee if fund_share is None else fund_share,
        follow_on=bool(row[FOLLOW_ON]) or batch in defaults.follow_on_batches,
    )


def _given(own: Decimal | None, default: Decimal | None) -> Decimal | None:
    return default if own is None else own
