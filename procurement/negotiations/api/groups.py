"""A group's own copy and result by machine: for its members, and for nobody else.

What changes something answers with a receipt without figures: answers are kept by their
``Idempotency-Key`` for the whole organisation, and the groups are of one bureau.
"""

from dataclasses import dataclass
from datetime import datetime

from litestar import get, post, put
from litestar.params import FromPath, JSONBody

from procurement.bids.at_edge import secret_key
from procurement.negotiations.errors import CalculationSealedError
from procurement.negotiations.groups.models import GroupCopy, begin_copy, newest_copy, write_copy
from procurement.negotiations.groups.results import (
    ResultView,
    compute_result,
    newest_result,
    sign_result,
)
from procurement.negotiations.kinds import Group
from procurement.negotiations.pages.groups import group_for
from procurement.negotiations.tables import Dossier
from procurement.web import RowId, Visit, reads, writes

_GROUP = "/api/v1/negotiations/{campaign:str}/dossiers/{dossier_id:int}/groups/{group:str}"
_BYTES_MAX = 16 * 2**20


@dataclass(frozen=True, slots=True)
class CopyEntry:
    """A version of a group's copy.

    Attributes:
        number: From 1, the maker's files as they were handed in.
        files: Text of each file by its name.
        note: What was changed, and why.
        written_at: When.
    """

    number: int
    files: dict[str, str]
    note: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class CeilingEntry:
    """A ceiling of a group's result.

    Attributes:
        kind: Of the constraint.
        price: Yuan per priced unit; null where there is no ceiling.
        counts: Whether it binds this group's price.
        why_zh: Why there is none, in Chinese.
        why_en: The same in English.
    """

    kind: str
    price: str | None
    counts: bool
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True)
class ResultEntry:
    """A group's newest result.

    Attributes:
        number: From 1.
        digest: SHA-256 of what is signed.
        model: SHA-256 over the files of the copy.
        copy: Number of the copy.
        draws: How many draws.
        seed: Of the random numbers.
        price: The group's price, in yuan per priced unit.
        unit: The priced unit.
        ceilings: Every ceiling.
        signed_by: Persons who signed, by id.
        missing: Members who have not signed yet.
        is_signed: Whether it counts.
    """

    number: int
    digest: str
    model: str
    copy: int
    draws: int
    seed: int
    price: str
    unit: str
    ceilings: list[CeilingEntry]
    signed_by: list[int]
    missing: list[int]
    is_signed: bool


@dataclass(frozen=True, slots=True)
class GroupDetail:
    """What a group has.

    Attributes:
        group: economics or fund.
        is_sealed: Whether the calculation is sealed away with the maximum payable price.
        copy: Its copy as it stands; null before it begins, and when it is sealed away.
        result: Its newest result; null before the first, and when it is sealed away.
    """

    group: str
    is_sealed: bool
    copy: CopyEntry | None
    result: ResultEntry | None


@dataclass(frozen=True, slots=True)
class Numbered:
    """A receipt.

    Attributes:
        number: Of the copy or the result.
    """

    number: int


@dataclass(frozen=True, slots=True)
class CopyBody:
    """The next version of a copy.

    Attributes:
        number: The version that the change was made in.
        files: Text of all its files by name.
        note: What was changed, and why.
    """

    number: int
    files: dict[str, str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class RunBody:
    """How a copy is computed.

    Attributes:
        draws: How many draws of the uncertain inputs.
        seed: Of the random numbers.
    """

    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class ResultSignature:
    """What is signed.

    Attributes:
        digest: Of the result that was read.
    """

    digest: str


@get(_GROUP, tags=["negotiations"])
@reads
def read_group(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, group: FromPath[str]
) -> GroupDetail:
    """Read the own group's copy and result."""
    dossier, found = group_for(visit, campaign, dossier_id, group)
    key = secret_key(visit)
    try:
        copy = newest_copy(visit.session, dossier=dossier, group=found, secret_key=key)
        result = newest_result(visit.session, dossier=dossier, group=found, secret_key=key)
    except CalculationSealedError:
        return GroupDetail(found.value, is_sealed=True, copy=None, result=None)
    return GroupDetail(
        found.value,
        is_sealed=False,
        copy=None if copy is None else _copy(copy),
        result=None if result is None else result_entry(result),
    )


@post(f"{_GROUP}/copy", tags=["negotiations"])
@writes
def begin_group_copy(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, group: FromPath[str]
) -> Numbered:
    """Copy the maker's calculation file for the own group; a copy that is there is kept."""
    dossier, found = group_for(visit, campaign, dossier_id, group)
    copy = begin_copy(
        visit.session,
        dossier=dossier,
        group=found,
        actor=visit.actor,
        secret_key=secret_key(visit),
        moment=visit.moment,
    )
    return Numbered(copy.number)


@put(f"{_GROUP}/model", tags=["negotiations"], request_max_body_size=_BYTES_MAX)
@writes
def write_group_model(
    visit: Visit,
    campaign: FromPath[str],
    dossier_id: RowId,
    group: FromPath[str],
    data: JSONBody[CopyBody],
) -> Numbered:
    """Write the next version of the own group's copy; faults name file, line and column."""
    dossier, found = group_for(visit, campaign, dossier_id, group)
    copy = write_copy(
        visit.session,
        dossier=dossier,
        group=found,
        files=data.files,
        note=data.note,
        number=data.number,
        actor=visit.actor,
        secret_key=secret_key(visit),
        moment=visit.moment,
    )
    return Numbered(copy.number)


@post(f"{_GROUP}/result", tags=["negotiations"])
@writes
def compute_group_result(
    visit: Visit,
    campaign: FromPath[str],
    dossier_id: RowId,
    group: FromPath[str],
    data: JSONBody[RunBody],
) -> Numbered:
    """Compute the own group's result from its copy; signatures under an older one lapse."""
    dossier, found = group_for(visit, campaign, dossier_id, group)
    result = compute_result(
        visit.session,
        dossier=dossier,
        group=found,
        draws=data.draws,
        seed=data.seed,
        actor=visit.actor,
        secret_key=secret_key(visit),
        moment=visit.moment,
    )
    return Numbered(result.number)


@post(f"{_GROUP}/signature", tags=["negotiations"])
@writes
def sign_group_result(
    visit: Visit,
    campaign: FromPath[str],
    dossier_id: RowId,
    group: FromPath[str],
    data: JSONBody[ResultSignature],
) -> Numbered:
    """Sign the own group's result as it was read."""
    dossier, found = group_for(visit, campaign, dossier_id, group)
    result = _signed(visit, dossier, found, data.digest)
    return Numbered(result.number)


def _signed(visit: Visit, dossier: Dossier, group: Group, digest: str) -> ResultView:
    return sign_result(
        visit.session,
        dossier=dossier,
        group=group,
        digest=digest,
        actor=visit.actor,
        secret_key=secret_key(visit),
        moment=visit.moment,
    )


def _copy(copy: GroupCopy) -> CopyEntry:
    return CopyEntry(copy.number, dict(copy.files), copy.note, copy.written_at)


def result_entry(result: ResultView) -> ResultEntry:
    """A group's result as the interface gives it to those who may see it."""
    content = result.content
    return ResultEntry(
        number=result.number,
        digest=result.digest,
        model=content["model"],
        copy=content["copy"],
        draws=content["draws"],
        seed=content["seed"],
        price=content["price"],
        unit=content["unit"],
        ceilings=[
            CeilingEntry(
                kind=one["kind"],
                price=None if one["price"] is None else str(one["price"]),
                counts=one["counts"],
                why_zh=(one["why"] or {}).get("zh") or "",
                why_en=(one["why"] or {}).get("en") or "",
            )
            for one in content["ceilings"]
        ],
        signed_by=list(result.signed_by),
        missing=list(result.missing),
        is_signed=result.is_signed,
    )


ROUTES = (
    read_group,
    begin_group_copy,
    write_group_model,
    compute_group_result,
    sign_group_result,
)
"""Handlers of this module."""
