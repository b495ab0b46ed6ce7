"""A group's result: computed from its copy, signed by its members, and then seen by the chair."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bidding.sealing import canonical_bytes
from procurement.audit import record
from procurement.bids.submission.at_rest import AtRest
from procurement.database import text_digest
from procurement.negotiations.dossiers.steps import require_status, subject_of
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.groups.calculating import calculated
from procurement.negotiations.groups.models import WORKED_IN, require_copy
from procurement.negotiations.groups.tables import GroupResult, GroupSignature
from procurement.negotiations.groups.vault import reading_vault, vault_of
from procurement.negotiations.kinds import Group
from procurement.negotiations.subjects import appointed, conflicted, require_member
from procurement.negotiations.tables import Dossier
from procurement.permissions import Actor

PURPOSE = "group-result"
SIGNERS_MIN = 2
"""One person's figure is no group's."""


@dataclass(frozen=True, slots=True)
class ResultView:
    """A group's newest result.

    Attributes:
        id: Of its row.
        number: From 1.
        content: What is signed.
        digest: SHA-256 of it.
        signed_by: Who signed, by person; whoever declared a conflict since counts no more.
        missing: Members without a conflict who have not signed yet, declared or not.
        made_by: Who computed it.
        made_at: When.
    """

    id: int
    number: int
    content: Mapping[str, Any]
    digest: str
    signed_by: Mapping[int, datetime]
    missing: Sequence[int]
    made_by: int
    made_at: datetime

    @property
    def is_signed(self) -> bool:
        """Whether every member signed, and they are enough."""
        return not self.missing and len(self.signed_by) >= SIGNERS_MIN


def compute_result(  # noqa: PLR0913 - what is computed, for whom, by whom
    session: Session,
    *,
    dossier: Dossier,
    group: Group,
    draws: int,
    seed: int,
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
) -> ResultView:
    """Compute a group's result from its copy as it stands; signatures under an older one lapse.

    Raises:
        NotFoundForActorError: Not of this group, or conflicted.
        NotReadyError: The group has no copy yet.
        InvalidInputError: Draws, seed or model.
    """
    require_member(session, dossier, actor=actor, part=group.part)
    require_status(dossier, *WORKED_IN)
    copy, model = require_copy(session, dossier=dossier, group=group, secret_key=secret_key)
    content = {
        **calculated(model, group=group, draws=draws, seed=seed),
        "dossier": dossier.id,
        "copy": copy.number,
    }
    newest = select(func.max(GroupResult.number)).where(
        GroupResult.dossier_id == dossier.id, GroupResult.group_name == group
    )
    vault = vault_of(session, dossier_id=dossier.id, secret_key=secret_key)
    row = GroupResult(
        dossier_id=dossier.id,
        group_name=group,
        number=(session.scalar(newest) or 0) + 1,
        sealed=vault.seal(canonical_bytes(content), purpose=f"{PURPOSE} {group}"),
        made_by=actor.person_id,
        made_at=moment,
    )
    session.add(row)
    session.flush()
    _note(session, dossier, group, "compute-result", row.number, actor, moment)
    return _view(session, dossier, row, vault)


def sign_result(
    session: Session,
    *,
    dossier: Dossier,
    group: Group,
    digest: str,
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
) -> ResultView:
    """Sign a group's newest result, as the member who saw it.

    Args:
        session: Session of the caller's transaction.
        dossier: The dossier.
        group: Whose result.
        digest: Of what the member saw: another one was computed meanwhile if it differs.
        actor: The member.
        secret_key: `Settings.secret_key`.
        moment: When.

    Raises:
        NotFoundForActorError: Not of this group, or conflicted.
        NotReadyError: There is none, or it is another one than was seen.
    """
    person_id = require_member(session, dossier, actor=actor, part=group.part)
    require_status(dossier, *WORKED_IN)
    result = newest_result(session, dossier=dossier, group=group, secret_key=secret_key)
    if result is None or result.digest != digest:
        raise NotReadyError(
            zh="测算结果已更新，请核对后再签字。",
            en="Another result was computed meanwhile: look at it before you sign.",
        )
    if person_id in result.signed_by:
        return result
    vault = vault_of(session, dossier_id=dossier.id, secret_key=secret_key)
    session.add(
        GroupSignature(
            result_id=result.id,
            person_id=person_id,
            tag=vault.tag("result", str(person_id), digest),
            signed_at=moment,
        )
    )
    session.flush()
    _note(session, dossier, group, "sign-result", result.number, actor, moment)
    row = session.get_one(GroupResult, result.id)
    return _view(session, dossier, row, vault)


def newest_result(
    session: Session, *, dossier: Dossier, group: Group, secret_key: bytes
) -> ResultView | None:
    """Return a group's newest result, or None before the first.

    Raises:
        CalculationSealedError: It is sealed away with the maximum price.
    """
    vault = reading_vault(session, dossier_id=dossier.id, secret_key=secret_key)
    row = session.scalars(
        select(GroupResult)
        .where(GroupResult.dossier_id == dossier.id, GroupResult.group_name == group)
        .order_by(GroupResult.number.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None or vault is None else _view(session, dossier, row, vault)


def _view(session: Session, dossier: Dossier, row: GroupResult, vault: AtRest) -> ResultView:
    text = vault.open(row.sealed, purpose=f"{PURPOSE} {row.group_name}").decode()
    digest = text_digest(text)
    signatures = session.scalars(
        select(GroupSignature).where(GroupSignature.result_id == row.id).order_by(GroupSignature.id)
    )
    away = conflicted(session, dossier_id=dossier.id)
    signed = {
        one.person_id: one.signed_at
        for one in signatures
        if one.person_id not in away and one.tag == vault.tag("result", str(one.person_id), digest)
    }
    members = appointed(session, dossier, parts=(Group(row.group_name).part,))
    return ResultView(
        id=row.id,
        number=row.number,
        content=json.loads(text),
        digest=digest,
        signed_by=signed,
        missing=[one for one in members if one not in signed and one not in away],
        made_by=row.made_by,
        made_at=row.made_at,
    )


def _note(
    session: Session,
    dossier: Dossier,
    group: Group,
    action: str,
    number: int,
    actor: Actor,
    moment: datetime,
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"{subject_of(dossier)}/{group}",
        facts={"number": str(number)},
        moment=moment,
    )
