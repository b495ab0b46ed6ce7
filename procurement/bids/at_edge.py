"""What pages and interface of this stage share: the round of an address, keys, and answers."""

from collections.abc import Callable
from typing import TypeVar

from litestar import Response

from bidding.sealing import FormatError, SealingError
from procurement.bids.subjects import require_round, subject_of
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.rounds.tables import Round
from procurement.web import Visit

JSON = "application/json"

Read = TypeVar("Read")


def round_for(
    visit: Visit, name: str, action: Action, *, organisation_id: int | None = None
) -> Round:
    """Return the round of an address, if the visitor may do something with it.

    Args:
        visit: The request.
        name: The round's name.
        action: What is to be done.
        organisation_id: The manufacturer whose thing it is.

    Raises:
        NotPermittedError: No role of the visitor may.
        NotFoundForActorError: There is no such round, or it is not the visitor's to see.
    """
    # Asked first without a round, so that who may never do it learns nothing of rounds.
    if not visit.actor.is_signed_in:
        visit.require(Action.SIGN_OUT)
    round_ = require_round(visit.session, name=name)
    visit.require(action, subject_for(visit, round_, organisation_id=organisation_id))
    return round_


def public_round(visit: Visit, name: str, action: Action) -> Round:
    """Return the round of an address that anybody may see once it is published."""
    round_ = require_round(visit.session, name=name)
    visit.require(action, subject_for(visit, round_))
    return round_


def own_round(visit: Visit, name: str, action: Action) -> tuple[Round, int]:
    """Return the round of an address, for something of the visitor's own organisation.

    A round that is not public does not exist for a manufacturer.
    """
    visit.require(action, Subject(organisation_id=visit.actor.organisation_id))
    if visit.actor.organisation_id is None:
        raise NotFoundForActorError
    round_ = public_round(visit, name, Action.READ_ROUND)
    return round_, visit.actor.organisation_id


def subject_for(visit: Visit, round_: Round, *, organisation_id: int | None = None) -> Subject:
    """Say what an action on a round is about."""
    return subject_of(visit.session, round_=round_, organisation_id=organisation_id)


def secret_key(visit: Visit) -> bytes:
    """Return the installation's key, which every served application has."""
    key = visit.settings.secret_key
    if key is None:
        raise FormatError("settings.secret_key", "the installation's key")
    return key


def read_document(field: str, read: Callable[[], Read]) -> Read:
    """Read a document that somebody sent, or name its fault at its field.

    Raises:
        InvalidInputError: It is malformed or badly signed; the message repeats no value of it.
    """
    try:
        return read()
    except SealingError as refusal:
        raise InvalidInputError(
            [FieldFault(field, f"格式或签名不符（{refusal}）。", f"Not accepted: {refusal}.")]
        ) from refusal


def json_bytes(body: bytes | str, *, status: int = 200, file: str | None = None) -> Response[bytes]:
    """Answer with a document as it was signed, byte for byte.

    Args:
        body: The document.
        status: HTTP status.
        file: Name under which a browser stores it.
    """
    content = body.encode() if isinstance(body, str) else body
    headers = {} if file is None else {"content-disposition": f'attachment; filename="{file}"'}
    return Response(content, status_code=status, media_type=JSON, headers=headers)
