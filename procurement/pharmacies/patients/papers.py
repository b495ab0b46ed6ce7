"""Papers of evidence, sealed at rest and deletable: they are a patient's own.

A file's name is not kept: people name such files after patients.
"""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.secret_values import NONCE_BYTES, UnsealingError
from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.files import media_type_of
from procurement.permissions import Actor
from procurement.pharmacies.patients.errors import PaperGoneError, PaperTakenError
from procurement.pharmacies.patients.holding import hold_registration, note_step
from procurement.pharmacies.patients.states import (
    RegistrationStatus,
    RegistrationStep,
    RequestStatus,
)
from procurement.pharmacies.patients.tables import (
    Registration,
    RegistrationPaper,
    RegistrationReview,
)

PURPOSE = "registration-paper"
OTHER = "其他"
BYTES_MAX = 5 * 2**20
PAPERS_MAX = 30
KIND_LENGTH_MAX = 100


def add_paper(
    session: Session,
    *,
    registration: Registration,
    kind: str,
    content: bytes,
    secret_key: bytes,
    actor: Actor,
    moment: datetime,
) -> RegistrationPaper:
    """Seal a paper and keep it: with the draft, or with the review that waits.

    Args:
        session: Session of the caller's transaction.
        registration: Whose.
        kind: What it is, as the list calls it.
        content: The file: PDF or picture.
        secret_key: `procurement.settings.Settings.secret_key`.
        actor: The responsible doctor.
        moment: When, aware.

    Raises:
        InvalidInputError: The file or its kind is wrong.
        PaperTakenError: Neither a draft nor a review waits for papers.
    """
    held = hold_registration(session, registration_id=registration.id)
    review_id = _waiting_review(session, held)
    if held.status != RegistrationStatus.DRAFTED and review_id is None:
        raise PaperTakenError
    media_type = media_type_of(content)
    _check(session, held, kind, content, media_type)
    paper = RegistrationPaper(
        registration_id=held.id,
        review_id=review_id,
        kind=kind,
        media_type=media_type,
        size=len(content),
        sealed=_seal(content, secret_key, held),
        added_by=actor.person_id,
        added_at=moment,
    )
    session.add(paper)
    step = RegistrationStep.PAPER_ADDED
    note_step(session, registration=held, step=step, actor=actor, moment=moment)
    return paper


def delete_paper(
    session: Session,
    *,
    registration: Registration,
    paper: RegistrationPaper,
    actor: Actor,
    moment: datetime,
) -> RegistrationPaper:
    """Delete a paper's content while it has not been decided on.

    Raises:
        PaperTakenError: It was decided on: it stays until the retention ends.
    """
    held = hold_registration(session, registration_id=registration.id)
    is_open = held.status == RegistrationStatus.DRAFTED
    if paper.review_id is not None:
        is_open = paper.review_id == _waiting_review(session, held)
    if not is_open or paper.sealed is None:
        raise PaperTakenError
    paper.sealed, paper.deleted_at = None, moment
    step = RegistrationStep.PAPER_DELETED
    note_step(session, registration=held, step=step, actor=actor, moment=moment)
    return paper


def read_paper(
    session: Session,
    *,
    registration: Registration,
    paper: RegistrationPaper,
    secret_key: bytes,
    actor: Actor,
    moment: datetime,
) -> bytes:
    """Return a paper's content; that somebody read it is recorded.

    Raises:
        PaperGoneError: It was deleted.
        UnsealingError: It was sealed with another installation's key.
    """
    if paper.sealed is None:
        raise PaperGoneError
    octets = base64.b64decode(paper.sealed)
    try:
        content = AESGCM(secret_key).decrypt(
            octets[:NONCE_BYTES], octets[NONCE_BYTES:], _purpose(registration)
        )
    except InvalidTag as refusal:
        raise UnsealingError(PURPOSE) from refusal
    record(
        session,
        actor=actor,
        action="read-registration-paper",
        subject=f"registration/{registration.number}",
        facts={"paper": str(paper.id)},
        moment=moment,
    )
    return content


def papers_of(session: Session, *, registration_id: int) -> Sequence[RegistrationPaper]:
    """Return the papers of a registration, also those that were deleted, in their order."""
    return session.scalars(
        select(RegistrationPaper)
        .where(RegistrationPaper.registration_id == registration_id)
        .order_by(RegistrationPaper.id)
    ).all()


def _check(
    session: Session, registration: Registration, kind: str, content: bytes, media_type: str | None
) -> None:
    faults = []
    if not 0 < len(kind) <= KIND_LENGTH_MAX:
        faults.append(FieldFault("kind", "请选择材料名称。", "Expected what the paper is."))
    if media_type is None:
        zh, en = "须为 PDF 或图片文件。", "Expected a PDF or a picture."
        faults.append(FieldFault("file", zh, en))
    if len(content) > BYTES_MAX:
        faults.append(FieldFault("file", "文件不得超过 5 MB。", "Expected 5 MB at most."))
    if len(papers_of(session, registration_id=registration.id)) >= PAPERS_MAX:
        faults.append(FieldFault("file", "材料不得超过 30 份。", "Expected 30 papers at most."))
    if faults:
        raise InvalidInputError(faults)


def _waiting_review(session: Session, registration: Registration) -> int | None:
    return session.scalar(
        select(RegistrationReview.id).where(
            RegistrationReview.registration_id == registration.id,
            RegistrationReview.status == RequestStatus.REQUESTED,
        )
    )


def _seal(content: bytes, secret_key: bytes, registration: Registration) -> str:
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(secret_key).encrypt(nonce, content, _purpose(registration))
    return base64.b64encode(nonce + sealed).decode()


def _purpose(registration: Registration) -> bytes:
    return f"{PURPOSE} {registration.number}".encode()
