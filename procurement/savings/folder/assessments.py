"""``assessments.csv``: a score, or a ratio and whether the assessment was passed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.rounds.folder.cells import optional, parse_flag, parse_name
from procurement.rounds.folder.faults import quoted
from procurement.rounds.folder.tables import Column, Row, Table
from procurement.savings.folder.cells import parse_score, parse_share
from procurement.savings.folder.contracts import Contracts
from procurement.savings.rules import Assessed, Band, NoBandError, Terms, assess

HOSPITAL = Column("hospital", parse_name)
SCORE = Column("score", optional(parse_score), needed=False)
RATIO = Column("ratio", optional(parse_share), needed=False)
PASSED = Column("passed", optional(parse_flag), needed=False)
PRODUCT = Column("product", optional(parse_name), needed=False)
BATCH = Column("batch", optional(parse_name), needed=False)

COLUMNS = (HOSPITAL, SCORE, RATIO, PASSED, PRODUCT, BATCH)

_FORMS = "a score, or a ratio and passed"

_Key = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Given:
    """One line of the file: of a hospital, or of one of its products or batches."""

    line: int
    hospital: str
    product: str | None
    batch: str | None
    score: Decimal | None
    ratio: Decimal | None
    passed: bool | None

    @property
    def key(self) -> _Key:
        """What it is about."""
        return (self.hospital, self.product, self.batch)


def read_assessments(table: Table, contracts: Contracts) -> tuple[Given, ...]:
    """Read ``assessments.csv``; faults are noted in the table."""
    given: dict[_Key, Given] = {}
    for row in table.rows(COLUMNS):
        one = Given(
            row.line, row[HOSPITAL], row[PRODUCT], row[BATCH], row[SCORE], row[RATIO], row[PASSED]
        )
        _check(row, one, contracts)
        if one.key in given:
            row.fault(HOSPITAL, f"{quoted(one.hospital)} is there already", "one line for each")
        given[one.key] = one
    if table.complete:
        _check_all_there(table, given, contracts)
    return tuple(given.values())


def assessed_lines(
    table: Table,
    given: Sequence[Given],
    terms: Sequence[Terms],
    bands: Sequence[Band],
    ratio_max: Decimal,
) -> Mapping[tuple[str, str, str], Assessed]:
    """The assessment that counts for each line: the one that names most of it.

    Args:
        table: The file, for faults.
        given: Its lines.
        terms: Of the agreements.
        bands: By score; empty where no line has a score without a ratio.
        ratio_max: Highest share that may be kept.
    """
    read = {one.key: _assessed(table, one, bands, ratio_max) for one in given}
    found: dict[tuple[str, str, str], Assessed] = {}
    for line in terms:
        for key in (
            (line.hospital, line.product, line.batch),
            (line.hospital, line.product, None),
            (line.hospital, None, line.batch),
            (line.hospital, None, None),
        ):
            assessed = read.get(key)
            if assessed is not None:
                found[line.key] = assessed
                break
    return found


def _check(row: Row, one: Given, contracts: Contracts) -> None:
    if one.hospital not in contracts.hospitals and contracts.complete:
        problem = f"{quoted(one.hospital)} is not in contracts.csv"
        row.fault(HOSPITAL, problem, "a hospital of contracts.csv")
    if one.ratio is None and one.score is None:
        column = SCORE if one.passed is None else RATIO
        row.fault(column, "is empty", _FORMS)
    if one.ratio is not None and one.passed is None:
        row.fault(PASSED, "is empty beside a ratio", "0 or 1")


def _check_all_there(table: Table, given: Mapping[_Key, Given], contracts: Contracts) -> None:
    named = {hospital for hospital, _, _ in given}
    named |= {cells.get(HOSPITAL.name, "") for cells in table.broken}
    for hospital in sorted({line.hospital for line in contracts.terms} - named):
        table.fault(None, HOSPITAL.name, f"{quoted(hospital)} is missing", "every hospital")
    covered = set(given)
    for line in contracts.terms:
        keys = {
            (line.hospital, product, batch)
            for product in (line.product, None)
            for batch in (line.batch, None)
        }
        if line.hospital in named and not keys & covered and not table.broken:
            problem = f"{quoted(line.product)} of {quoted(line.hospital)} is missing"
            table.fault(None, PRODUCT.name, problem, "an assessment for every line")


def _assessed(
    table: Table, one: Given, bands: Sequence[Band], ratio_max: Decimal
) -> Assessed | None:
    if one.ratio is not None:
        assessed = Assessed(one.ratio, bool(one.passed), one.score)
    elif one.score is None:
        return None
    else:
        try:
            assessed = assess(one.score, bands)
        except NoBandError:
            table.fault(one.line, SCORE.name, "lies below every band", "a score within the bands")
            return None
        if one.passed is not None:
            assessed = Assessed(assessed.ratio, one.passed, one.score, assessed.grade)
    if assessed.ratio > ratio_max:
        problem = f"a share of {assessed.ratio} is kept"
        column = RATIO.name if one.ratio is not None else SCORE.name
        table.fault(one.line, column, problem, f"at most {ratio_max}")
        return None
    return assessed
