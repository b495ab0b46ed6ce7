"""Counties as the finder knows them: by their points, and by the places that lie in them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from procurement.accounts.divisions import NATION, division_name, is_division, province_of
from procurement.errors import FieldFault, InvalidInputError
from procurement.pharmacies.places.tables import CountyPoint, Place


@dataclass(frozen=True, slots=True)
class County:
    """A county.

    Attributes:
        code: Division code, 6 digits.
        zh: Its name; of one whose name nobody imported, province and code.
        en: The same in English: of counties only the Chinese names are published.
    """

    code: str
    zh: str
    en: str


def end_of(region: str) -> str:
    """Return the first code after all those within a province or city, for ranges of an index.

    Examples:
        >>> end_of("320000"), end_of("320500"), end_of("320505")
        ('330000', '320600', '320506')
    """
    width = 2 if region.endswith("0000") else 4 if region.endswith("00") else 6
    return f"{int(region[:width]) + 1:0{width}d}".ljust(6, "0")


def within(county: InstrumentedAttribute[str], region: str) -> ColumnElement[bool]:
    """Return the condition that a county lies within a region, which an index of it answers.

    Args:
        county: The column with its division code.
        region: Division code of a county, city or province, or of the nation.
    """
    if region == NATION:
        return county >= region
    return (county >= region) & (county < end_of(region))


def name_counties(session: Session, codes: Collection[str]) -> dict[str, County]:
    """Return counties by their codes, named as far as names were imported."""
    known = select(CountyPoint.county, CountyPoint.name).where(CountyPoint.county.in_(codes))
    names = {code: name for code, name in session.execute(known)}
    return {code: _county(code, names.get(code)) for code in codes}


def _county(code: str, name: str | None) -> County:
    zh, en = division_name(code)
    province_zh, province_en = division_name(province_of(code))
    if name is None:
        return County(code, zh, en)
    return County(code, f"{province_zh} {name}", f"{name}, {province_en}")


def counties_in(session: Session, *, province: str) -> Sequence[County]:
    """Return the counties of a province that have a point or a place, by code.

    Args:
        session: Any session.
        province: Its code, such as ``320000``.
    """
    known = (
        select(CountyPoint.county)
        .where(within(CountyPoint.county, province))
        .union(select(Place.county).where(within(Place.county, province)))
    )
    codes = sorted(session.scalars(known))
    named = name_counties(session, codes)
    return [named[code] for code in codes]


def counties_called(session: Session, *, words: str, limit: int) -> Sequence[County]:
    """Return counties whose name holds some words, or whose code it is.

    Args:
        session: Any session.
        words: What somebody typed.
        limit: At most so many.
    """
    called = (
        select(CountyPoint.county)
        .where(CountyPoint.name.contains(words, autoescape=True) | (CountyPoint.county == words))
        .order_by(CountyPoint.county)
        .limit(limit)
    )
    codes = session.scalars(called).all()
    named = name_counties(session, codes)
    return [named[code] for code in codes]


def county_exists(session: Session, *, code: str) -> bool:
    """Tell whether there is such a county, as far as that can be known.

    It exists where it has a point or a place. Where nobody imported points of its province, its
    code must have the form of one.

    Args:
        session: Any session.
        code: What somebody gave.
    """
    if code == NATION or not is_division(code) or code.endswith("0000"):
        return False
    province = province_of(code)
    has_point = exists().where(CountyPoint.county == code)
    has_place = exists().where(Place.county == code)
    others = exists().where(within(CountyPoint.county, province))
    point, place, has_others = session.execute(select(has_point, has_place, others)).one()
    return bool(point or place or not has_others)


def require_county(session: Session, *, code: str, field: str) -> str:
    """Return a county's code, or say that there is no such county.

    Args:
        session: Any session.
        code: What somebody gave.
        field: Where it was typed.

    Raises:
        InvalidInputError: There is no such county.
    """
    if not county_exists(session, code=code):
        shown = code[:20]
        raise InvalidInputError(
            [
                FieldFault(
                    field,
                    f"没有代码为“{shown}”的县（市、区）：应为 6 位行政区划代码，如 341523。",
                    f"There is no county “{shown}”: expected a division code such as 341523.",
                )
            ]
        )
    return code
