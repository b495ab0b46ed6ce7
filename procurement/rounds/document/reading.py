"""What a page or interface shows of a document: a version with its comments and marks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from procurement.permissions import NotFoundForActorError
from procurement.rounds.document.as_json import read_json
from procurement.rounds.document.changes import Change, changes_between
from procurement.rounds.document.clause import Clause, Document
from procurement.rounds.document.comments import Thread, threads_of
from procurement.rounds.document.tables import DocumentKind, RoundDocument
from procurement.rounds.document.versions import find_version, newest_version, versions_of
from procurement.rounds.tables import Round

_NAME = re.compile(r"(draft|published|amendment)-([1-9]\d{0,5})")
_FILE = re.compile(rf"({_NAME.pattern})(-whole)?\.(docx|pdf)")


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A version as it is shown.

    Attributes:
        version: The version.
        document: What it says.
        threads: Comments by the id of their clause, of all drafts; empty id: the whole.
        changes: Against the version before it; empty for the first.
    """

    version: RoundDocument
    document: Document
    threads: Mapping[str, Sequence[Thread]]
    changes: tuple[Change, ...]

    @property
    def gone(self) -> tuple[str, ...]:
        """Clauses that have comments and that this version no longer has."""
        present = {clause.id for clause in self.document.clauses} | {""}
        return tuple(clause for clause in self.threads if clause not in present)

    def changed(self, clause: Clause) -> Change | None:
        """How a clause differs from the version before."""
        return next((change for change in self.changes if change.id == clause.id), None)


def version_name(version: RoundDocument) -> str:
    """The name of a version in addresses, such as ``amendment-1``."""
    return f"{DocumentKind(version.kind).value}-{version.number}"


def version_named(session: Session, *, round_: Round, name: str) -> RoundDocument:
    """The version of that name; the newest for an empty one.

    Raises:
        NotFoundForActorError: There is none.
    """
    if not name:
        version = newest_version(session, round_=round_)
    else:
        match = _NAME.fullmatch(name)
        version = match and find_version(
            session, round_=round_, kind=DocumentKind(match[1]), number=int(match[2])
        )
    if version is None:
        raise NotFoundForActorError
    return version


@dataclass(frozen=True, slots=True)
class FileName:
    """What a file's name asks for.

    Attributes:
        version: Name of the version.
        form: ``docx`` or ``pdf``.
        whole: The whole document as amended, not the amendment's notice.
    """

    version: str
    form: str
    whole: bool


def file_named(name: str) -> FileName:
    """Read the name of a file.

    Raises:
        NotFoundForActorError: It is no name of a file.

    Examples:
        >>> file_named("amendment-1-whole.pdf")
        FileName(version='amendment-1', form='pdf', whole=True)
    """
    match = _FILE.fullmatch(name)
    if match is None:
        raise NotFoundForActorError
    return FileName(match[1], match[5], bool(match[4]))


def view_of(session: Session, *, round_: Round, version: RoundDocument) -> DocumentView:
    """A version with its comments and its changes against the one before."""
    document = read_json(version.content)
    threads: dict[str, list[Thread]] = {}
    for thread in threads_of(session, round_id=round_.id):
        threads.setdefault(thread.comment.clause, []).append(thread)
    earlier = [one for one in versions_of(session, round_=round_) if one.id < version.id]
    changes: tuple[Change, ...] = ()
    if earlier:
        changes = changes_between(read_json(earlier[-1].content), document)
    return DocumentView(version, document, threads, changes)
