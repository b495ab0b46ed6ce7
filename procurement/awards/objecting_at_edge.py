"""What pages and interface of objections share: whose they are, and their files."""

from collections.abc import Sequence
from urllib.parse import quote

from litestar import Response

from procurement.awards.objections import files_of, find_objection, objections_of
from procurement.awards.tables import Objection
from procurement.bids.at_edge import require_role, subject_for
from procurement.bids.subjects import require_round
from procurement.errors import FieldFault, InvalidInputError
from procurement.files import FILE_BYTES_MAX, NewFile, read_file
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.tables import Round
from procurement.web import Visit


def public_subject(visit: Visit, name: str, action: Action) -> Round:
    """Return a public round that the visitor may do something in for his own organisation.

    Raises:
        NotPermittedError: No role of the visitor may.
        NotFoundForActorError: There is no such round, or it is not public.
    """
    require_role(visit, action)
    round_ = require_round(visit.session, name=name)
    own = subject_for(visit, round_, organisation_id=visit.actor.organisation_id)
    visit.require(action, own)
    if not own.is_public:
        raise NotFoundForActorError
    return round_


def objections_for(visit: Visit, name: str) -> tuple[Round, Sequence[Objection]]:
    """Return the objections of a round that the visitor may see.

    Those who conduct or observe the round see all, others those of their organisation.

    Raises:
        NotPermittedError: No role of the visitor may see any.
        NotFoundForActorError: There is no such round, or it is not public.
    """
    require_role(visit, Action.READ_OBJECTION)
    round_ = require_round(visit.session, name=name)
    if visit.may(Action.READ_OBJECTION, subject_for(visit, round_)):
        return round_, objections_of(visit.session, round_id=round_.id)
    owner = visit.actor.organisation_id
    own = subject_for(visit, round_, organisation_id=owner)
    visit.require(Action.READ_OBJECTION, own)
    if not own.is_public:
        raise NotFoundForActorError
    return round_, objections_of(visit.session, round_id=round_.id, organisation_id=owner)


def objection_for(
    visit: Visit, name: str, objection_id: int, action: Action
) -> tuple[Round, Objection]:
    """Return an objection that the visitor may do something with.

    Raises:
        NotPermittedError: No role of the visitor may.
        NotFoundForActorError: There is none, or it is another organisation's.
    """
    require_role(visit, action)
    round_ = require_round(visit.session, name=name)
    objection = find_objection(visit.session, round_=round_, objection_id=objection_id)
    owner = objection.organisation_id
    visit.require(action, subject_for(visit, round_, organisation_id=owner))
    return round_, objection


def new_file(visit: Visit, field: str) -> NewFile:
    """Read a file that a form brought.

    Raises:
        InvalidInputError: The form has none.
    """
    upload = visit.form.files.get(field)
    if upload is None:
        raise InvalidInputError([FieldFault(field, "请选择文件。", "Choose a file.")])
    # One byte more than allowed tells that it is too much, without reading the rest.
    return NewFile(upload.filename, upload.file.read(FILE_BYTES_MAX + 1))


def file_of(visit: Visit, name: str, objection_id: int, file_id: int) -> Response[bytes]:
    """Return a file of an objection, to whoever may read it.

    Raises:
        NotFoundForActorError: The objection has no such file, or is not the visitor's to see.
    """
    _, objection = objection_for(visit, name, objection_id, Action.READ_OBJECTION)
    for file in files_of(visit.session, objection_id=objection.id):
        if file.id == file_id:
            content = read_file(visit.settings.data, file.file_digest)
            named = f"attachment; filename*=UTF-8''{quote(file.file_name)}"
            return Response(
                content, media_type=file.media_type, headers={"content-disposition": named}
            )
    raise NotFoundForActorError
