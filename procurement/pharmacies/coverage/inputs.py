"""What a plan of the platform is made from: the counties and pharmacies of a region on a day."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.errors import FieldFault, InvalidInputError
from procurement.pharmacies.coverage.holding import holding_places
from procurement.pharmacies.coverage.states import PlanScope
from procurement.pharmacies.designation.service import designated_places
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.listed.service import DUAL, Listed, listed_on
from procurement.pharmacies.places.kinds import PlaceKind, PlaceStatus
from procurement.pharmacies.places.service import places_in
from procurement.pharmacies.places.tables import CountyPoint, Place
from procurement.pharmacies.rules.coverage.task import County, CoverageTask, Pharmacy
from procurement.volumes.rules import region_prefix


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a plan is to do.

    Attributes:
        region: Division code.
        scope: Who may be chosen.
        listed_drug_id: The drug of a plan for one.
        within_km: None: a pharmacy covers its own county only.
        per_county: How many pharmacies each county needs.
    """

    region: str
    scope: PlanScope
    listed_drug_id: int | None
    within_km: float | None
    per_county: int


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a plan is made from.

    Attributes:
        task: Counties by division code, pharmacies by institution code.
        names: Of both, by code.
        left_out: Codes of pharmacies that cannot be looked at: they have no point, or lie in a
            county without one.
    """

    task: CoverageTask
    names: Mapping[str, str]
    left_out: tuple[str, ...]


def gather(session: Session, *, wanted: Wanted, day: date) -> Inputs:
    """Read the counties and pharmacies that a plan is made from.

    Raises:
        InvalidInputError: No county of the region has a point, the drug is not sold in pharmacies,
            or nobody could be chosen.
    """
    points = _points(session, wanted.region)
    if not points:
        zh = "该地区尚未导入县区坐标，请先导入。"
        en = "No county of the region has a point yet: import them first."
        raise InvalidInputError([FieldFault("region", zh, en)])
    places, kept = _candidates(session, wanted, day)
    pharmacies, left_out = [], []
    for place in places:
        one = _pharmacy(place, points, wanted.within_km, place.id in kept)
        if one is None:
            left_out.append(place.institution_code)
        else:
            pharmacies.append(one)
    names = {one.county: one.name for one in points.values()}
    names |= {place.institution_code: place.name for place in places}
    counties = [County(one.county, one.latitude, one.longitude) for one in points.values()]
    task = CoverageTask(counties, pharmacies, wanted.within_km, wanted.per_county)
    return Inputs(task, names, tuple(left_out))


def find_dual(session: Session, *, listed_drug_id: int, region: str, day: date) -> Listed | None:
    """Return a drug that pharmacies of a region sell on a day, or None."""
    listed = listed_on(session, region=region, day=day, states=DUAL)
    return next((one for one in listed if one.drug.id == listed_drug_id), None)


def inputs_json(inputs: Inputs) -> str:
    """Write inputs as JSON, the same for the same inputs."""
    task = inputs.task
    value = {
        "counties": [asdict(one) for one in task.counties],
        "pharmacies": [_plain(one) for one in task.pharmacies],
        "within_km": task.within_km,
        "per_county": task.per_county,
        "names": dict(sorted(inputs.names.items())),
        "left_out": list(inputs.left_out),
    }
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def inputs_of(text: str) -> Inputs:
    """Read what `inputs_json` wrote."""
    value = json.loads(text)
    task = CoverageTask(
        counties=[County(**one) for one in value["counties"]],
        pharmacies=[Pharmacy(**one) for one in value["pharmacies"]],
        within_km=value["within_km"],
        per_county=value["per_county"],
    )
    return Inputs(task, value["names"], tuple(value["left_out"]))


def _plain(one: Pharmacy) -> dict[str, object]:
    # Plans of the platform have no costs: nobody has stated any.
    return asdict(replace(one, cost=None))


def _points(session: Session, region: str) -> dict[str, CountyPoint]:
    within = CountyPoint.county.startswith(region_prefix(region))
    rows = session.scalars(select(CountyPoint).where(within).order_by(CountyPoint.county))
    return {one.county: one for one in rows}


def _candidates(
    session: Session, wanted: Wanted, day: date
) -> tuple[Sequence[Place], frozenset[int]]:
    """Who may be chosen, and who stays in any case."""
    designated = [
        place
        for place, _ in designated_places(
            session, scheme=DesignationScheme.DUAL_CHANNEL, region=wanted.region, day=day
        )
        if place.kind == PlaceKind.PHARMACY and place.status == PlaceStatus.OPEN
    ]
    if wanted.scope is PlanScope.DESIGNATION:
        places = places_in(session, region=wanted.region, kind=PlaceKind.PHARMACY)
        present = [one for one in places if one.status == PlaceStatus.OPEN]
        return present, frozenset(one.id for one in designated)
    listed = find_dual(
        session, listed_drug_id=wanted.listed_drug_id or 0, region=wanted.region, day=day
    )
    if listed is None:
        zh = "请选择在该地区药店可以销售的双通道药品。"
        en = "Choose a drug of the dual channel that is listed in the region."
        raise InvalidInputError([FieldFault("listed_drug_id", zh, en)])
    by_id = {one.id: one for one in designated}
    kept = holding_places(session, listed=listed, places=by_id, region=wanted.region, day=day)
    return designated, frozenset(kept)


def _pharmacy(
    place: Place, points: Mapping[str, CountyPoint], within_km: float | None, is_kept: bool
) -> Pharmacy | None:
    latitude, longitude = place.latitude, place.longitude
    point = points.get(place.county)
    if within_km is None and point is not None and latitude is None:
        # Within its own county no distance is asked for.
        latitude, longitude = point.latitude, point.longitude
    if latitude is None or longitude is None or point is None:
        return None
    return Pharmacy(place.institution_code, place.county, latitude, longitude, is_kept=is_kept)
