"""What the pages and the API of uploaded files share: the file of a request, the own files."""

from contextlib import suppress

from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.tables import Round
from procurement.volumes.bulk.uploads import SentFile
from procurement.volumes.filling.faulty_rows import upload_of
from procurement.volumes.filling.sheets import ENCODINGS
from procurement.volumes.states import UploadKind
from procurement.volumes.tables import VolumeUpload
from procurement.web import Visit


def posted_file(visit: Visit, kind: UploadKind) -> SentFile:
    """The file of a form or of a request to the API.

    Raises:
        InvalidInputError: There is no file, or its encoding is none that is read.
    """
    upload = visit.form.files.get("file")
    encoding = visit.form.get("encoding") or ENCODINGS[0]
    faults = []
    if upload is None:
        faults.append(FieldFault("file", "请选择文件。", "Choose a file."))
    if encoding not in ENCODINGS:
        expected = "、".join(ENCODINGS)
        faults.append(
            FieldFault("encoding", f"应为 {expected} 之一。", f"Expected one of {expected}.")
        )
    if upload is None or faults:
        raise InvalidInputError(faults)
    return SentFile(
        kind=kind,
        filename=upload.filename,
        source=upload.file,
        encoding=encoding,
        submits=visit.form.get("submits") == "yes",
        again=visit.form.get("again") == "yes",
    )


def own_upload(visit: Visit, upload_id: int) -> tuple[VolumeUpload, Round | None]:
    """Return a file that the visitor's organisation sent.

    Raises:
        NotFoundForActorError: There is none, or another organisation sent it.
    """
    with suppress(NotFoundForActorError):
        visit.require(Action.UPLOAD_VOLUMES)
    upload = upload_of(visit.session, upload_id=upload_id)
    if upload.organisation_id != visit.actor.organisation_id or upload.report_id is not None:
        raise NotFoundForActorError
    round_ = visit.session.get(Round, upload.round_id) if upload.round_id else None
    return upload, round_
