"""``lots.csv``: the lots of a round, one line for each strength."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from bidding.bid_sheet import Category, DosageForm, Lot, Strength
from procurement.rounds.folder.cells import (
    optional,
    parse_name,
    parse_positive,
    parse_unit_price,
    parse_word,
)
from procurement.rounds.folder.faults import quoted
from procurement.rounds.folder.merging import merge
from procurement.rounds.folder.tables import Column, Row, Table

LOT = Column("lot", parse_name)
PRODUCT = Column("product", parse_name)
STRENGTH = Column("strength", parse_name)
STRENGTH_RATIO = Column("strength_ratio", parse_positive)
PRICE_CEILING = Column("price_ceiling", optional(parse_unit_price))
DOSAGE_FORM = Column("dosage_form", optional(parse_word(DosageForm)), needed=False)
CATEGORY = Column("category", optional(parse_word(Category)), needed=False)
DAILY_DOSE = Column("daily_dose", optional(parse_positive), needed=False)

COLUMNS = (
    *(LOT, PRODUCT, STRENGTH, STRENGTH_RATIO, PRICE_CEILING),
    *(DOSAGE_FORM, CATEGORY, DAILY_DOSE),
)
_OF_THE_LOT = (PRODUCT, DOSAGE_FORM, CATEGORY, DAILY_DOSE)

_NAMES_SHOWN = 5


class KnownLots:
    """What other files may refer to: the lots and the labels of their strengths.

    Lines with a fault count too, so that one fault is not reported again wherever it is referred
    to.
    """

    def __init__(self, lots: Iterable[Lot], table: Table) -> None:
        """Take the lots, and what the broken lines of their file name."""
        self.lots = {lot.lot: lot for lot in lots}
        self._labels = {lot.lot: set(lot.strengths) for lot in self.lots.values()}
        for cells in table.broken:
            label = cells.get(STRENGTH.name, "")
            self._labels.setdefault(cells.get(LOT.name, ""), set()).add(label)
        self._complete = table.complete and bool(self._labels)
        self._strengths_shown: dict[str, str] = {}

    def check_lot(self, row: Row, column: Column[str]) -> bool:
        """Whether the row's lot is known; if it certainly is not, that is noted as a fault."""
        lot = row[column]
        if lot in self._labels:
            return True
        if self._complete:
            row.fault(column, f"{quoted(lot)} is not in lots.csv", self._one_of_the_lots)
        return False

    def check_strength(self, row: Row, column: Column[object], lot: str, strength: str) -> None:
        """Note a fault if a strength is certainly not one of a known lot."""
        labels = self._labels[lot]
        if strength not in labels and self._complete:
            if lot not in self._strengths_shown:
                self._strengths_shown[lot] = _one_of(labels)
            problem = f"{quoted(strength)} is not a strength of lot {quoted(lot)}"
            row.fault(column, problem, self._strengths_shown[lot])

    @cached_property
    def _one_of_the_lots(self) -> str:
        return _one_of(self._labels)


def strength_order(strength: Strength) -> tuple[Decimal, str]:
    """Sorts the strengths of a lot: by content, then by label."""
    return (strength.ratio, strength.label)


def read_lots(table: Table) -> tuple[Lot, ...]:
    """Read ``lots.csv``.

    Returns:
        The lots by identifier, their strengths by ratio and label: the order of the lines does
        not matter. Faults are noted in the table.
    """
    drafts: dict[str, _Draft] = {}
    strengths: dict[str, dict[str, Strength]] = {}
    for row in table.rows(COLUMNS):
        lot, draft = row[LOT], _draft(row)
        drafts[lot] = merge(drafts.get(lot, draft), draft, row, _OF_THE_LOT)
        strength = Strength(row[STRENGTH], row[STRENGTH_RATIO], row[PRICE_CEILING])
        of_lot = strengths.setdefault(lot, {})
        if strength.label in of_lot:
            problem = f"{quoted(strength.label)} is in lot {quoted(lot)} already"
            row.fault(STRENGTH, problem, "one line for each strength")
        of_lot[strength.label] = strength
    if not table.rows_read and table.complete:
        table.fault(None, None, "has no line below its header", "one line for each strength")
    return tuple(drafts[lot].lot(lot, strengths[lot]) for lot in sorted(drafts))


@dataclass(frozen=True, slots=True)
class _Draft:
    """What all lines of a lot say together."""

    product: str
    dosage_form: DosageForm | None
    category: Category | None
    daily_dose: Decimal | None

    def lot(self, lot: str, strengths: Mapping[str, Strength]) -> Lot:
        ordered = sorted(strengths.values(), key=strength_order)
        return Lot(
            lot=lot,
            product=self.product,
            strengths={strength.label: strength for strength in ordered},
            dosage_form=self.dosage_form,
            category=self.category or Category.GENERAL,
            daily_dose=self.daily_dose,
        )


def _draft(row: Row) -> _Draft:
    return _Draft(row[PRODUCT], row[DOSAGE_FORM], row[CATEGORY], row[DAILY_DOSE])


def _one_of(names: Iterable[str]) -> str:
    """The first of the names, and how many there are."""
    ordered = sorted(names)
    shown = ", ".join(quoted(name) for name in ordered[:_NAMES_SHOWN])
    more = len(ordered) - _NAMES_SHOWN
    return f"one of {shown} and {more} more" if more > 0 else f"one of {shown}"
