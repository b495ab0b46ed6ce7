"""What may follow what with papers, and when bids are taken; pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from procurement.bids.kinds import PaperKind, PaperStatus, SealVerdict
from procurement.errors import FieldFault
from procurement.files import media_type_of

PAPER_STEPS: Mapping[PaperStatus, frozenset[PaperStatus]] = {
    PaperStatus.COLLECTING: frozenset({PaperStatus.SUBMITTED}),
    PaperStatus.SUBMITTED: frozenset(
        {PaperStatus.DEFICIENT, PaperStatus.ADMITTED, PaperStatus.REJECTED}
    ),
    # A second notice of deficiency sets another deadline.
    PaperStatus.DEFICIENT: frozenset(
        {PaperStatus.SUBMITTED, PaperStatus.DEFICIENT, PaperStatus.REJECTED}
    ),
    # What was admitted by mistake, or has lapsed since, is looked at again.
    PaperStatus.ADMITTED: frozenset({PaperStatus.DEFICIENT, PaperStatus.REJECTED}),
    PaperStatus.REJECTED: frozenset({PaperStatus.DEFICIENT}),
}
"""Where a manufacturer's papers may go from where they stand."""

REQUIRED_PAPERS = (
    PaperKind.APPLICATION,
    PaperKind.AUTHORISATION,
    PaperKind.CERTIFICATE,
    PaperKind.PROMISE,
)
"""At least one of each before papers are handed in."""

PAPER_ID_MAX = 10**9 - 1
"""Ids of papers are random and have at most nine digits."""

PAPER_BYTES_MAX = 20 * 1024 * 1024
TITLE_MAX = 200
REASON_MAX = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPaper:
    """A paper as a manufacturer hands it in.

    Attributes:
        kind: What it is, as the form sent it.
        title: What it is called.
        number: Number of a certificate; empty if none.
        expires_on: Last day of a certificate.
        file_name: As the browser named the file.
        content: The file.
        replaces_id: The paper in whose place it comes.
        seal_verdict: What the check of its electronic seal found.
        seal_words: The same in words.
    """

    kind: str
    title: str
    file_name: str
    content: bytes
    number: str = ""
    expires_on: date | None = None
    replaces_id: int | None = None
    seal_verdict: SealVerdict = SealVerdict.NONE
    seal_words: str = ""


def paper_faults(paper: NewPaper, *, valid_until: date) -> tuple[FieldFault, ...]:
    """Return what is wrong with a paper before it is stored.

    Args:
        paper: The paper.
        valid_until: Day up to which a certificate must hold: the day of the opening.

    Examples:
        >>> paper = NewPaper(kind="promise", title="承诺函", file_name="a.pdf", content=b"%PDF-1")
        >>> paper_faults(paper, valid_until=date(2026, 11, 22))
        ()
    """
    return (*_label_faults(paper), *_expiry_faults(paper, valid_until), *_file_faults(paper))


def _label_faults(paper: NewPaper) -> list[FieldFault]:
    faults = []
    if paper.kind not in set(PaperKind):
        faults.append(FieldFault("kind", "请选择材料类别。", "Choose the kind of paper."))
    if not 0 < len(paper.title) <= TITLE_MAX:
        faults.append(
            FieldFault(
                "title",
                f"请填写材料名称，不超过 {TITLE_MAX} 个字。",
                f"Name the paper, in at most {TITLE_MAX} characters.",
            )
        )
    return faults


def _expiry_faults(paper: NewPaper, valid_until: date) -> list[FieldFault]:
    if paper.kind != PaperKind.CERTIFICATE:
        return []
    if paper.expires_on is None:
        return [
            FieldFault("expires_on", "证书须填写有效期止。", "A certificate needs its last day.")
        ]
    if paper.expires_on < valid_until:
        return [
            FieldFault(
                "expires_on",
                f"证书在开标日（{valid_until}）之前失效，请提交换发后的证书。",
                f"It expires before the day of the opening ({valid_until}); hand in the renewed "
                "certificate.",
            )
        ]
    return []


def _file_faults(paper: NewPaper) -> list[FieldFault]:
    if not paper.content:
        return [FieldFault("file", "请选择要上传的文件。", "Choose the file to upload.")]
    if len(paper.content) > PAPER_BYTES_MAX:
        return [FieldFault("file", "文件不得超过 20 MB。", "The file may have at most 20 MB.")]
    if media_type_of(paper.content) is None:
        return [
            FieldFault(
                "file",
                "只接受 PDF、OFD、JPEG、PNG 文件。",
                "Only PDF, OFD, JPEG and PNG files are taken.",
            )
        ]
    return []


def missing_papers(present: Collection[PaperKind]) -> tuple[PaperKind, ...]:
    """Return the kinds of paper that are still to be uploaded.

    Examples:
        >>> [kind.value for kind in missing_papers([PaperKind.APPLICATION, PaperKind.PROMISE])]
        ['authorisation', 'certificate']
    """
    return tuple(kind for kind in REQUIRED_PAPERS if kind not in present)


@dataclass(frozen=True, slots=True)
class PaperStanding:
    """Where a manufacturer's papers of a round stand at a moment.

    Attributes:
        status: The newest step.
        reason: What is missing, or why they were rejected.
        due_at: Until when a deficiency can be made good.
        is_overdue: That moment has passed: nothing can be completed any more.
    """

    status: PaperStatus = PaperStatus.COLLECTING
    reason: str = ""
    due_at: datetime | None = None
    is_overdue: bool = False

    @property
    def may_change(self) -> bool:
        """Whether the manufacturer can add papers and hand them in."""
        if self.status is PaperStatus.DEFICIENT:
            return not self.is_overdue
        return self.status is PaperStatus.COLLECTING
