"""Papers as a browser or a machine sends them, and as they are sent back."""

from datetime import date
from urllib.parse import quote

from litestar import Response

from procurement.accounts.certificates.authorities import (
    FOLDER,
    TIME_STAMPING_FOLDER,
    BadAuthorityError,
    read_authorities,
)
from procurement.accounts.certificates.key_binding import read_seal
from procurement.accounts.certificates.seals import verify_seal
from procurement.accounts.certificates.signers import is_of
from procurement.accounts.tables import Organisation
from procurement.bids.at_edge import require_role, subject_for
from procurement.bids.kinds import SealVerdict
from procurement.bids.papers.service import find_paper
from procurement.bids.rules import PAPER_BYTES_MAX, NewPaper
from procurement.bids.subjects import require_round
from procurement.database import database_moment
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.files import read_file
from procurement.permissions import Action
from procurement.web import Visit

SEAL_BYTES_MAX = 256 * 1024


def paper_from(visit: Visit) -> NewPaper:
    """Read the paper that a form brought, and check the electronic seal that came with it.

    Raises:
        InvalidInputError: The day is no day, or the number no number.
    """
    form = visit.form
    content = _content(visit, "file", PAPER_BYTES_MAX)
    seal = _content(visit, "seal", SEAL_BYTES_MAX)
    verdict, words = read_seal_verdict(visit, content, seal)
    file = form.files.get("file")
    return NewPaper(
        kind=form.get("kind", ""),
        title=form.get("title", ""),
        number=form.get("number", "")[:100],
        expires_on=_day(form.get("expires_on", "")),
        file_name="" if file is None else file.filename,
        content=content,
        replaces_id=_id(form.get("replaces_id", "")),
        seal_verdict=verdict,
        seal_words=words,
    )


def _content(visit: Visit, name: str, most: int) -> bytes:
    upload = visit.form.files.get(name)
    # One byte more than allowed tells that it is too much, without reading the rest.
    return b"" if upload is None else upload.file.read(most + 1)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError(
            [FieldFault("expires_on", "日期须写作 2026-11-22。", "Expected a day like 2026-11-22.")]
        ) from error


def _id(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise InvalidInputError(
            [FieldFault("replaces_id", "没有这份材料。", "There is no such paper.")]
        )
    return int(text)


def read_seal_verdict(visit: Visit, content: bytes, seal: bytes) -> tuple[SealVerdict, str]:
    """Say whose electronic seal a paper carries, if one came with it.

    Args:
        visit: The request: the seal must be that of the visitor's own organisation.
        content: The paper.
        seal: Detached CMS signature; empty if there is none.
    """
    if not seal:
        return SealVerdict.NONE, ""
    folder = visit.settings.data / FOLDER
    try:
        found = verify_seal(
            content,
            read_seal(seal),
            authorities=read_authorities(folder),
            moment=database_moment(visit.session),
            stamping=read_authorities(folder / TIME_STAMPING_FOLDER),
        )
    except RefusedError as refusal:
        return SealVerdict.INVALID, visit.text(refusal.zh, refusal.en)
    except BadAuthorityError as failure:
        return SealVerdict.INVALID, str(failure)
    organisation = visit.session.get_one(Organisation, visit.actor.organisation_id)
    words = found.signer.name
    if found.stamped_at is not None:
        words = f"{words} · {found.stamped_at.isoformat()}"
    verdict = SealVerdict.VALID if is_of(found.signer, organisation) else SealVerdict.FOREIGN
    return verdict, words


def file_answer(visit: Visit, name: str, paper_id: int) -> Response[bytes]:
    """Send the file of a paper to its owner, or to those who check and observe.

    Raises:
        NotFoundForActorError: There is no such paper, or it is not the visitor's to see.
    """
    require_role(visit, Action.READ_PAPERS)
    round_ = require_round(visit.session, name=name)
    paper = find_paper(visit.session, round_id=round_.id, paper_id=paper_id)
    visit.require(
        Action.READ_PAPERS,
        subject_for(visit, round_, organisation_id=paper.organisation_id),
    )
    # Always as a download: what somebody uploaded is never shown within our own pages.
    return Response(
        read_file(visit.settings.data, paper.file_digest),
        media_type=paper.media_type,
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(paper.file_name)}"},
    )
