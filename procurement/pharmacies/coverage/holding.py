"""Who holds which listed drug: designated hospitals and pharmacies, county by county."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.permissions import NotFoundForActorError
from procurement.pharmacies.designation.service import designated_places
from procurement.pharmacies.designation.states import DesignationScheme, DutyStatus
from procurement.pharmacies.designation.tables import DrugDuty
from procurement.pharmacies.finder.age_limits import age_limits
from procurement.pharmacies.finder.kinds import StockLevel
from procurement.pharmacies.finder.tables import PlaceStock
from procurement.pharmacies.listed.service import DUAL, Listed, listed_on
from procurement.pharmacies.places.kinds import PlaceKind, PlaceStatus
from procurement.pharmacies.places.tables import CountyPoint, Place
from procurement.pharmacies.rules.stock import is_old
from procurement.volumes.rules import region_prefix

HELD = (StockLevel.IN_STOCK, StockLevel.FEW)
"""Levels at which a patient gets the drug."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A designated place that has a drug.

    Attributes:
        place: The place.
        as_of: Day of its newest stock; None where only its entry into the hospital is known.
    """

    place: Place
    as_of: date | None


@dataclass(frozen=True, slots=True)
class CountyCoverage:
    """How a county has a drug.

    Attributes:
        county: Division code.
        name: As far as it is known.
        hospitals: Designated hospitals that have it.
        pharmacies: Designated pharmacies that have it.
    """

    county: str
    name: str
    hospitals: tuple[Holder, ...]
    pharmacies: tuple[Holder, ...]

    @property
    def is_covered(self) -> bool:
        """Whether a hospital and a pharmacy have it."""
        return bool(self.hospitals) and bool(self.pharmacies)


@dataclass(frozen=True, slots=True)
class DrugCoverage:
    """How the counties of a region have a drug.

    Attributes:
        listed: The drug, as it is listed.
        counties: All counties of the region.
    """

    listed: Listed
    counties: tuple[CountyCoverage, ...]

    @property
    def covered(self) -> int:
        """Counties in which a hospital and a pharmacy have it."""
        return sum(one.is_covered for one in self.counties)

    @property
    def without_hospital(self) -> int:
        """Counties in which no designated hospital has it."""
        return sum(not one.hospitals for one in self.counties)

    @property
    def without_pharmacy(self) -> int:
        """Counties in which no designated pharmacy has it."""
        return sum(not one.pharmacies for one in self.counties)


def coverage_of(
    session: Session, *, region: str, day: date, listed_drug_id: int | None = None
) -> list[DrugCoverage]:
    """Return, for each drug that pharmacies sell, how the counties of a region have it.

    A place has a drug when it is designated for the dual channel on the day and its newest stock
    says so, or, of a hospital, when it reported that it brought the drug in. Stock that is old by
    the decision of the bureau does not count; where nobody decided, none is old.

    Args:
        session: Any session.
        region: Division code; its counties are those with a point or a designated place.
        day: In China.
        listed_drug_id: Only this drug.
    """
    drugs = [
        one
        for one in listed_on(session, region=region, day=day, states=DUAL)
        if listed_drug_id in (None, one.drug.id)
    ]
    places = {
        place.id: place
        for place, _ in designated_places(
            session, scheme=DesignationScheme.DUAL_CHANNEL, region=region, day=day
        )
        if place.status == PlaceStatus.OPEN
    }
    names = county_names(session, region=region, also={one.county for one in places.values()})
    holders = _Holders(session, drugs, places, region, day)
    return [
        DrugCoverage(
            one, tuple(_county(code, name, holders.of(one)) for code, name in names.items())
        )
        for one in drugs
    ]


def coverage_of_drug(
    session: Session, *, region: str, day: date, listed_drug_id: int
) -> DrugCoverage:
    """Return how the counties of a region have a drug.

    Raises:
        NotFoundForActorError: Pharmacies of the region do not sell it.
    """
    found = coverage_of(session, region=region, day=day, listed_drug_id=listed_drug_id)
    if not found:
        raise NotFoundForActorError
    return found[0]


def county_names(session: Session, *, region: str, also: Iterable[str] = ()) -> dict[str, str]:
    """Return the counties of a region that have a point, and some more, by code.

    Args:
        session: Any session.
        region: Division code.
        also: Codes of counties that are named in any case.
    """
    known = select(CountyPoint.county, CountyPoint.name).where(
        CountyPoint.county.startswith(region_prefix(region))
    )
    names = {code: code for code in also} | {code: name for code, name in session.execute(known)}
    return dict(sorted(names.items()))


def holding_places(
    session: Session, *, listed: Listed, places: Mapping[int, Place], region: str, day: date
) -> set[int]:
    """Return which of some places have a drug.

    Args:
        session: Any session.
        listed: The drug.
        places: By id.
        region: In which they lie.
        day: In China; stock that is old by then does not count.
    """
    found = _Holders(session, [listed], places, region, day).of(listed)
    return {holder.place.id for holders in found.values() for holder in holders}


@dataclass
class _Holders:
    session: Session
    drugs: Sequence[Listed]
    places: Mapping[int, Place]
    region: str
    day: date
    _stock: dict[int, dict[int, date | None]] = field(init=False)
    _brought: dict[int, set[int]] = field(init=False)

    def __post_init__(self) -> None:
        self._stock, self._brought = {}, {}
        self._read_stock()
        self._read_duties()

    def _read_stock(self) -> None:
        limits = age_limits(self.session, counties={one.county for one in self.places.values()})
        generics = {one.drug.generic_product_id for one in self.drugs}
        # By county, not by a list of thousands of places: the index has the drug and the county.
        rows = self.session.execute(
            select(PlaceStock.place_id, PlaceStock.generic_product_id, func.max(PlaceStock.as_of))
            .where(PlaceStock.generic_product_id.in_(generics), PlaceStock.level.in_(HELD))
            .where(PlaceStock.county.startswith(region_prefix(self.region)))
            .group_by(PlaceStock.place_id, PlaceStock.generic_product_id)
        )
        for place_id, generic, as_of in rows:
            place = self.places.get(place_id)
            if place is not None and not is_old(as_of, self.day, limits[place.county]):
                self._stock.setdefault(generic, {})[place_id] = as_of

    def _read_duties(self) -> None:
        duties = self.session.execute(
            select(DrugDuty.listed_drug_id, DrugDuty.place_id).where(
                DrugDuty.listed_drug_id.in_({one.drug.id for one in self.drugs}),
                DrugDuty.status == DutyStatus.BROUGHT_IN,
            )
        )
        for drug_id, place_id in duties:
            if place_id in self.places:
                self._brought.setdefault(drug_id, set()).add(place_id)

    def of(self, listed: Listed) -> dict[str, list[Holder]]:
        """Holders of a drug, by county."""
        held: dict[int, date | None] = dict.fromkeys(self._brought.get(listed.drug.id, ()))
        held |= self._stock.get(listed.drug.generic_product_id, {})
        found: dict[str, list[Holder]] = {}
        for place_id in sorted(held, key=lambda one: self.places[one].institution_code):
            place = self.places[place_id]
            found.setdefault(place.county, []).append(Holder(place, held[place_id]))
        return found


def _county(code: str, name: str, holders: Mapping[str, list[Holder]]) -> CountyCoverage:
    here = holders.get(code, [])
    return CountyCoverage(
        county=code,
        name=name,
        hospitals=tuple(one for one in here if one.place.kind == PlaceKind.HOSPITAL),
        pharmacies=tuple(one for one in here if one.place.kind == PlaceKind.PHARMACY),
    )
