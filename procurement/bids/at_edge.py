"""What pages and interface of this stage share: the round of an address, keys, and answers."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, TypeVar

from litestar import Response
from litestar.params import PathParameter
from sqlalchemy.orm import Session

from bidding.sealing import FormatError, SealingError
from procurement.accounts.tables import Organisation
from procurement.bids.opening.disclosure import Disclosure, disclosure_of, is_party
from procurement.bids.opening.kept import FOLDER, kept_opening
from procurement.bids.opening.shares import envelopes_to_unseal
from procurement.bids.periods import BIDS, require_sitting
from procurement.bids.subjects import require_round, subject_of
from procurement.bids.submission.gate import bidder_name
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action, NotFoundForActorError, NotPermittedError, Subject
from procurement.rounds.at_edge import status_of
from procurement.rounds.tables import Round
from procurement.web import Visit

JSON = "application/json"

SittingNumber = Annotated[int, PathParameter(ge=BIDS, le=10_000)]
"""Number of a sitting in an address; what is at an address without it is of the bids."""


def paths(path: str, *, base: str = "/rounds/{name:str}") -> list[str]:
    """Return where something is of the bids of a round, and of its sittings of second answers."""
    return [f"{base}/{path}", f"{base}/answers/{{number:int}}/{path}"]


def api_paths(path: str) -> list[str]:
    """As `paths`, in the interface."""
    return paths(path, base="/api/v1/rounds/{name:str}")


def file_name(round_: Round, sitting: int, part: str) -> str:
    """Name a document of a sitting, as a browser stores it."""
    of_sitting = "" if sitting == BIDS else f"-answers-{sitting}"
    return f"{round_.name}{of_sitting}-{part}.json"


def require_called(visit: Visit, round_: Round, sitting: int) -> None:
    """Refuse a sitting that the round does not have.

    Raises:
        NotFoundForActorError: It has none of this number.
    """
    if sitting != BIDS:
        require_sitting(visit.session, round_id=round_.id, number=sitting)


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
    require_role(visit, action)
    round_ = require_round(visit.session, name=name)
    visit.require(action, subject_for(visit, round_, organisation_id=organisation_id))
    return round_


def require_role(visit: Visit, action: Action) -> None:
    """Refuse who may not do a thing with any round, before looking for the one in the address.

    Raises:
        NotPermittedError: No role of the visitor may; a stranger is asked to sign in.
    """
    with suppress(NotFoundForActorError):
        visit.require(action)


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


def sees_all_prices(visit: Visit, round_: Round) -> bool:
    """Tell whether the visitor may see every bid of an opened round."""
    disclosure = disclosure_of(visit.session, round_=round_)
    about = replace(subject_for(visit, round_), is_public=disclosure is Disclosure.PUBLIC)
    if visit.may(Action.READ_OPENED_BIDS, about):
        return True
    return disclosure is Disclosure.PARTIES and is_party(
        visit.session, round_id=round_.id, organisation_id=visit.actor.organisation_id
    )


def record_for(visit: Visit, round_: Round, sitting: int = BIDS) -> bytes:
    """Return the file of an opening's record, as far as the visitor may see it.

    Raises:
        NotOpenedError: The bids are not open yet.
        NotFoundForActorError: The visitor may see no bid of it.
    """
    kept = kept_opening(
        visit.session,
        round_=round_,
        secret_key=secret_key(visit),
        folder=visit.settings.data / FOLDER,
        sitting=sitting,
    )
    if sees_all_prices(visit, round_):
        return kept.content
    organisation_id = visit.actor.organisation_id
    own = subject_for(visit, round_, organisation_id=organisation_id)
    visit.require(Action.READ_OPENED_BIDS, replace(own, is_public=False))
    if organisation_id is None:
        raise NotFoundForActorError
    seen = kept.record.only(bidder_of(visit.session, organisation_id))
    if not seen.submissions:
        raise NotFoundForActorError
    return seen.to_bytes()


def bidder_of(session: Session, organisation_id: int) -> str:
    """Return how envelopes name an organisation."""
    return bidder_name(session.get_one(Organisation, organisation_id).credit_code, organisation_id)


def answer_script(visit: Visit, answer: Callable[[], Response[bytes]]) -> Response[bytes]:
    """Answer a page's script: a refusal in words of the visitor's language, not as a page.

    What the refused call had written is undone.
    """
    try:
        with visit.savepoint():
            return answer()
    except (NotPermittedError, NotFoundForActorError):
        raise
    except RefusedError as refusal:
        message = json.dumps({"message": visit.text(refusal.zh, refusal.en)}, ensure_ascii=False)
        return json_bytes(message, status=status_of(refusal))


def envelopes_json(
    visit: Visit, round_: Round, *, cursor: str | None, page_size: int, sitting: int = BIDS
) -> str:
    """Return some of the envelopes to unseal as one document, in the order of the log.

    Raises:
        InvalidInputError: The cursor is none of ours.
        NotOpeningError: The round is not closed, or already opened.
    """
    after = _place(cursor)
    found = envelopes_to_unseal(
        visit.session,
        round_=round_,
        after=after,
        limit=page_size + 1,
        secret_key=secret_key(visit),
        sitting=sitting,
    )
    following = f'"{after + page_size}"' if len(found) > page_size else "null"
    items = ",".join(leaf.body for leaf in found[:page_size])
    return f'{{"items":[{items}],"next_cursor":{following}}}'


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit()) or len(cursor) > 9:
        fault = FieldFault(
            "cursor", "不是本接口给出的游标。", "Expected a cursor given by this list."
        )
        raise InvalidInputError([fault])
    return int(cursor)
