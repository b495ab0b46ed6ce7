"""Formal review: whether a dossier is complete and eligible, and what follows from the experts."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.catalogue.tables import GenericProduct
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.dossiers.packs import require_only_one
from procurement.negotiations.dossiers.steps import set_status, tell_maker
from procurement.negotiations.kinds import DossierStatus, Verdict
from procurement.negotiations.tables import Dossier
from procurement.permissions import Actor

REASON_MAX = 4000

_STATUS = {
    Verdict.PASS: DossierStatus.PASSED,
    Verdict.RETURN: DossierStatus.RETURNED,
    Verdict.REJECT: DossierStatus.REJECTED,
}


def review_dossier(  # noqa: PLR0913 - the facts of one decision, each by its name
    session: Session,
    *,
    dossier: Dossier,
    verdict: Verdict,
    reason: str,
    due_at: datetime | None,
    generic_product_id: int | None = None,
    actor: Actor,
    moment: datetime,
) -> None:
    """Pass a dossier, return it with its deficiencies and a deadline, or reject it.

    Raises:
        DossierStateError: It is not in formal review.
        InvalidInputError: No reason or deadline where one is needed.
        NotReadyError: Another dossier of the maker for the same pack is under way or agreed.
    """
    faults = _reason_faults(reason, is_needed=verdict != Verdict.PASS)
    if verdict == Verdict.RETURN and (due_at is None or due_at <= moment):
        faults.append(
            FieldFault("due_at", "请填写今后的补正期限。", "Give a deadline that is to come.")
        )
    if verdict == Verdict.PASS:
        faults += _catalogue_faults(session, dossier, generic_product_id)
    if faults:
        raise InvalidInputError(faults)
    if verdict == Verdict.PASS:
        require_only_one(session, dossier)
    set_status(
        session,
        dossier=dossier,
        status=_STATUS[verdict],
        actor=actor,
        moment=moment,
        reason=reason,
        due_at=due_at if verdict == Verdict.RETURN else None,
    )
    zh, en = {
        Verdict.PASS: ("形式审查已通过", "formal review was passed"),
        Verdict.RETURN: ("请按期补正", "deficiencies are to be made good"),
        Verdict.REJECT: ("形式审查未通过", "it was rejected in formal review"),
    }[verdict]
    tell_maker(session, dossier, zh=zh, en=en, moment=moment)


def admit_dossier(
    session: Session,
    *,
    dossier: Dossier,
    admits: bool,
    reason: str,
    actor: Actor,
    moment: datetime,
) -> None:
    """Admit a dossier to the negotiation after the expert review, or not.

    What score admits no source at hand states: the officers decide and give their reason.

    Raises:
        DossierStateError: It is not in expert review.
        InvalidInputError: No reason.
        NotReadyError: Another dossier of the maker for the same pack is under way or agreed.
    """
    faults = _reason_faults(reason, is_needed=True)
    if faults:
        raise InvalidInputError(faults)
    if admits:
        require_only_one(session, dossier)
    status = DossierStatus.ADMITTED if admits else DossierStatus.DECLINED
    set_status(session, dossier=dossier, status=status, actor=actor, moment=moment, reason=reason)
    zh, en = (
        ("已列入谈判范围", "it is admitted to the negotiation")
        if admits
        else ("未列入谈判范围", "it is not admitted to the negotiation")
    )
    tell_maker(session, dossier, zh=zh, en=en, moment=moment)


def _catalogue_faults(
    session: Session, dossier: Dossier, generic_product_id: int | None
) -> list[FieldFault]:
    """Tie a dossier to the catalogue: a payment standard is that of a generic product there."""
    wanted = generic_product_id or dossier.generic_product_id
    if wanted is None or session.get(GenericProduct, wanted) is None:
        return [
            FieldFault(
                "generic_product_id",
                "请填写该药品在药品目录中的编号。",
                "Give the drug's number in the catalogue.",
            )
        ]
    dossier.generic_product_id = wanted
    return []


def _reason_faults(reason: str, *, is_needed: bool) -> list[FieldFault]:
    if is_needed and not reason:
        return [FieldFault("reason", "请说明理由。", "Give the reason.")]
    if len(reason) > REASON_MAX:
        return [
            FieldFault("reason", f"最多 {REASON_MAX} 字。", f"At most {REASON_MAX} characters.")
        ]
    return []
