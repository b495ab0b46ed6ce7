"""The columns of a hospital's form and of a province's file, in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from procurement.files import uninert
from procurement.volumes.cells import clean


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read; its heading may be in either language, or its key.

    Attributes:
        key: How the platform names it.
        zh: Its heading in Chinese.
        en: Its heading in English.
        is_needed: A file without it cannot be read.
    """

    key: str
    zh: str
    en: str
    is_needed: bool = False

    @property
    def headings(self) -> frozenset[str]:
        """Everything that may stand in the header, as `heading_key` gives it."""
        return frozenset({heading_key(self.key), heading_key(self.zh), heading_key(self.en)})


HOSPITAL = Column("hospital", "统一社会信用代码", "credit code", is_needed=True)
LOT = Column("lot", "品种编号", "lot", is_needed=True)
STRENGTH = Column("strength", "规格", "strength", is_needed=True)
BRAND = Column("brand", "生产企业", "manufacturer")
DEMAND = Column("demand", "需求量", "need", is_needed=True)
REASON = Column("reason", "原因", "reason")
WHY = Column("why", "原因说明", "explanation")
KIND = Column("kind", "折算类别", "conversion")
OTHER_STRENGTH = Column("other_strength", "其他规格", "other strength")
OTHER_QUANTITY = Column("other_quantity", "其他规格数量", "other quantity")
RATIO = Column("ratio", "折算比", "ratio")
RATIO_WHY = Column("ratio_why", "折算说明", "ratio explained")
YEAR = Column("year", "年份", "year", is_needed=True)
PRODUCT = Column("product", "通用名", "generic name", is_needed=True)
FORM = Column("form", "剂型", "dosage form")
QUANTITY = Column("quantity", "采购数量", "quantity", is_needed=True)
AMOUNT = Column("amount", "采购金额", "amount")

FORM_COLUMNS = (
    *(LOT, STRENGTH, BRAND, DEMAND, REASON, WHY),
    *(KIND, OTHER_STRENGTH, OTHER_QUANTITY, RATIO, RATIO_WHY),
)
"""Of one hospital's Excel form."""

BULK_COLUMNS = (HOSPITAL, *FORM_COLUMNS)
"""Of a file with the need of many hospitals."""

HISTORY_COLUMNS = (HOSPITAL, YEAR, PRODUCT, FORM, STRENGTH, BRAND, QUANTITY, AMOUNT)
"""Of a file with past purchases."""

HEADER_WITHIN = 20
"""The header stands within the first rows; a title and instructions may stand above it."""


def heading_key(text: object) -> str:
    """Make headings comparable: without blanks, case, units in brackets and underscores.

    Examples:
        >>> heading_key("需求量（片/年）"), heading_key("Other_Strength")
        ('需求量', 'otherstrength')
    """
    plain = clean(text).casefold().partition("(")[0]
    return "".join(letter for letter in plain if letter not in " _\n\r\t*")


def match_header(cells: Sequence[object], columns: Sequence[Column]) -> dict[str, int] | None:
    """Find the columns in a row; None where it is not the header.

    Returns:
        Position by column key. All needed columns are there; of two equal headings the first.

    Examples:
        >>> match_header(["品种编号", "规格", "需求量（片）"], FORM_COLUMNS)
        {'lot': 0, 'strength': 1, 'demand': 2}
        >>> match_header(["L01", "10mg", "5"], FORM_COLUMNS) is None
        True
    """
    headings = [heading_key(cell) for cell in cells]
    found: dict[str, int] = {}
    for column in columns:
        known = column.headings
        place = next((index for index, text in enumerate(headings) if text in known), None)
        if place is not None:
            found[column.key] = place
        elif column.is_needed:
            return None
    return found


def cells_of(cells: Sequence[object], places: Mapping[str, int]) -> dict[str, object]:
    """Take the cells of the known columns out of a row; a short row has empty ones.

    Examples:
        >>> cells_of(["L01"], {"lot": 0, "demand": 2})
        {'lot': 'L01', 'demand': None}
    """
    length = len(cells)
    return {key: _bare(cells[place]) if place < length else None for key, place in places.items()}


def _bare(cell: object) -> object:
    """A cell as it was before an export marked it; forms and lists of faults come back."""
    return uninert(cell) if isinstance(cell, str) else cell
