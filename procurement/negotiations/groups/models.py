"""Each group's own copy of a dossier's model: a copy of the maker's, then its own versions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pricing.model_file import Model
from procurement.audit import record
from procurement.bids.submission.at_rest import AtRest
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.negotiations.dossiers.calculation import FIELD, Files, model_of
from procurement.negotiations.dossiers.filing import filed_content, files_of, newest_model
from procurement.negotiations.dossiers.steps import require_status, subject_of
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.groups.tables import GroupModel
from procurement.negotiations.groups.vault import reading_vault, vault_of
from procurement.negotiations.kinds import DossierStatus, Group
from procurement.negotiations.subjects import require_member
from procurement.negotiations.tables import Dossier
from procurement.permissions import Actor

WORKED_IN = (DossierStatus.ADMITTED, DossierStatus.SCHEDULED)
PURPOSE = "group-model"


@dataclass(frozen=True, slots=True)
class GroupCopy:
    """A version of a group's copy.

    Attributes:
        number: From 1, the maker's files as they were handed in.
        files: Text of each file.
        note: What was changed, and why.
        written_by: Who wrote it.
        written_at: When.
    """

    number: int
    files: Mapping[str, str]
    note: str
    written_by: int
    written_at: datetime


def begin_copy(
    session: Session,
    *,
    dossier: Dossier,
    group: Group,
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
) -> GroupCopy:
    """Copy the maker's calculation file for a group; a group that has begun keeps its copy.

    Raises:
        NotFoundForActorError: Not of this group, or conflicted.
        NotDeclaredError: No interest declared yet.
        DossierStateError: The dossier is not being calculated.
        NotReadyError: It has no calculation file.
    """
    require_member(session, dossier, actor=actor, part=group.part)
    require_status(dossier, *WORKED_IN)
    known = newest_copy(session, dossier=dossier, group=group, secret_key=secret_key)
    if known is not None:
        return known
    given = newest_model(session, dossier_id=dossier.id)
    if given is None:
        raise NotReadyError(zh="没有测算资料。", en="There is no calculation file.")
    return _write(
        session,
        dossier=dossier,
        group=group,
        content={"files": files_of(given), "note": f"SHA-256 {given.digest}"},
        actor=actor,
        secret_key=secret_key,
        moment=moment,
    )


def write_copy(  # noqa: PLR0913 - whose copy, what is written, and by whom
    session: Session,
    *,
    dossier: Dossier,
    group: Group,
    files: Files,
    note: str,
    number: int,
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
) -> GroupCopy:
    """Write the next version of a group's copy, if it can be read.

    Args:
        session: Session of the caller's transaction.
        dossier: The dossier.
        group: Whose copy.
        files: All its files.
        note: What was changed, and why.
        number: The version that the change was made in.
        actor: A member of the group.
        secret_key: `Settings.secret_key`.
        moment: When.

    Raises:
        StaleError: Another member wrote a version meanwhile.
        InvalidInputError: With every fault of the files, or its price is for another unit.
        NotFoundForActorError: Not of this group.
    """
    require_member(session, dossier, actor=actor, part=group.part)
    require_status(dossier, *WORKED_IN)
    known = newest_copy(session, dossier=dossier, group=group, secret_key=secret_key)
    if known is None or known.number != number:
        raise StaleError
    require_filed_unit(session, dossier=dossier, unit=model_of(files).negotiated.unit)
    return _write(
        session,
        dossier=dossier,
        group=group,
        content={"files": dict(sorted(files.items())), "note": note[:2000]},
        actor=actor,
        secret_key=secret_key,
        moment=moment,
    )


def newest_copy(
    session: Session, *, dossier: Dossier, group: Group, secret_key: bytes
) -> GroupCopy | None:
    """Return a group's copy as it stands; None before it begins.

    Raises:
        CalculationSealedError: It is sealed away with the maximum price.
    """
    vault = reading_vault(session, dossier_id=dossier.id, secret_key=secret_key)
    row = session.scalars(
        select(GroupModel)
        .where(GroupModel.dossier_id == dossier.id, GroupModel.group_name == group)
        .order_by(GroupModel.number.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None or vault is None else _copy(row, vault)


def require_copy(
    session: Session, *, dossier: Dossier, group: Group, secret_key: bytes
) -> tuple[GroupCopy, Model]:
    """Return a group's copy and the model in it.

    Raises:
        NotReadyError: The group has not begun.
        InvalidInputError: It cannot be read, or its price is for another unit than was filed.
    """
    copy = newest_copy(session, dossier=dossier, group=group, secret_key=secret_key)
    if copy is None:
        raise NotReadyError(zh="请先复制测算资料。", en="Copy the calculation file first.")
    model = model_of(copy.files)
    require_filed_unit(session, dossier=dossier, unit=model.negotiated.unit)
    return copy, model


def require_filed_unit(session: Session, *, dossier: Dossier, unit: str) -> None:
    """Refuse a price that is for another unit than the dossier was handed in with.

    Raises:
        InvalidInputError: None is named, or another one.
    """
    filed = (filed_content(session, dossier_id=dossier.id) or {}).get("priced_unit", "")
    if unit and unit == filed:
        return
    fault = FieldFault(
        FIELD,
        f"negotiated.unit 为“{unit}”；应为申报的计价单位“{filed}”。",
        f"negotiated.unit is “{unit}”: expected “{filed}”, the priced unit of the dossier.",
    )
    raise InvalidInputError([fault])


def _copy(row: GroupModel, vault: AtRest) -> GroupCopy:
    content = json.loads(vault.open(row.sealed, purpose=f"{PURPOSE} {row.group_name}"))
    return GroupCopy(row.number, content["files"], content["note"], row.written_by, row.written_at)


def _write(
    session: Session,
    *,
    dossier: Dossier,
    group: Group,
    content: Mapping[str, object],
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
) -> GroupCopy:
    vault = vault_of(session, dossier_id=dossier.id, secret_key=secret_key)
    newest = select(func.max(GroupModel.number)).where(
        GroupModel.dossier_id == dossier.id, GroupModel.group_name == group
    )
    row = GroupModel(
        dossier_id=dossier.id,
        group_name=group,
        number=(session.scalar(newest) or 0) + 1,
        sealed=vault.seal(
            json.dumps(content, ensure_ascii=False).encode(), purpose=f"{PURPOSE} {group}"
        ),
        written_by=actor.person_id,
        written_at=moment,
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor=actor,
        action="write-group-model",
        subject=f"{subject_of(dossier)}/{group}",
        facts={"number": str(row.number)},
        moment=moment,
    )
    return _copy(row, vault)
