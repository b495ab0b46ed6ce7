"""Whose rows a bureau's file may hold: hospitals by their code, and who reports for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind, OrganisationRelation
from procurement.rounds.tables import Round
from procurement.volumes.cells import Fault, clean
from procurement.volumes.groups import is_member_on, membership_day
from procurement.volumes.rules import region_finder, region_prefix
from procurement.volumes.window import regions_of


@dataclass(frozen=True, slots=True)
class BulkHospital:
    """A hospital that a file may name, or why it may not.

    Attributes:
        id: The hospital.
        region: The region of the round in which it lies; empty for past purchases.
        fault: Why nothing is taken for it.
    """

    id: int
    region: str
    fault: Fault | None = None


_NO_CODE = Fault("请填写统一社会信用代码。", "Expected the hospital's credit code.")
_OUTSIDE = Fault("该机构不在本批次的地区内。", "The round does not cover this hospital.")
_FOREIGN = Fault("该机构不在本单位辖区内。", "The hospital is not in your bureau's region.")
_INACTIVE = Fault("该机构已停用。", "The hospital is no longer active.")
_LED = Fault(
    "该机构由牵头医院统一报量，请以牵头医院的名义填报。",
    "The hospital is reported for by its lead hospital; report under the lead's name.",
)


class Hospitals:
    """Finds hospitals by their credit code."""

    def __init__(self, by_code: Mapping[str, BulkHospital]) -> None:
        """Keep the hospitals by code."""
        self._by_code = by_code

    def find(self, cell: object) -> BulkHospital | Fault:
        """Find the hospital that a cell names."""
        code = cell if isinstance(cell, str) else clean(cell)
        known = self._by_code.get(code)
        if known is None:
            code = clean(code).upper()
            known = self._by_code.get(code)
        if known is not None:
            return known
        if not code:
            return _NO_CODE
        return Fault(
            f"没有统一社会信用代码为“{code[:40]}”的医疗机构。",
            f"No hospital has the credit code “{code[:40]}”.",
        )


def hospitals_of_round(
    session: Session, *, round_: Round, division: str, moment: datetime
) -> Hospitals:
    """Load all hospitals, for files with the need of a round.

    Args:
        session: Any session.
        round_: The round.
        division: Division of the bureau that sent the file; hospitals elsewhere are not its own.
        moment: When the file was received.
    """
    regions = regions_of(session, round_id=round_.id)
    day = membership_day(round_, moment=moment)
    led = set(session.scalars(select(OrganisationRelation.subject_id).where(is_member_on(day))))
    prefix = region_prefix(division)
    region_at = region_finder(regions)
    found: dict[str, BulkHospital] = {}
    for hospital_id, code, place, is_active in _hospitals(session):
        region = region_at(place)
        fault = None
        if not place.startswith(prefix):
            fault = _FOREIGN
        elif region is None:
            fault = _OUTSIDE
        elif not is_active:
            fault = _INACTIVE
        elif hospital_id in led:
            fault = _LED
        found[code] = BulkHospital(hospital_id, region or "", fault)
    return Hospitals(found)


def hospitals_of_division(session: Session, *, division: str) -> Hospitals:
    """Load all hospitals, for files with past purchases."""
    prefix = region_prefix(division)
    return Hospitals(
        {
            code: BulkHospital(hospital_id, "", None if place.startswith(prefix) else _FOREIGN)
            for hospital_id, code, place, _is_active in _hospitals(session)
        }
    )


def _hospitals(session: Session) -> list[tuple[int, str, str, bool]]:
    rows = session.execute(
        select(
            Organisation.id, Organisation.credit_code, Organisation.region, Organisation.is_active
        ).where(
            Organisation.kind == OrganisationKind.HOSPITAL, Organisation.credit_code.is_not(None)
        )
    )
    return [(found, code or "", place, active) for found, code, place, active in rows]
