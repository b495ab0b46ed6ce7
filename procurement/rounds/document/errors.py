"""What is refused about procurement documents, in words of the field."""

from procurement.errors import RefusedError
from procurement.rounds.document.clause import Clause

_NAMED_MAX = 8


class OpenClausesError(RefusedError):
    """The document has clauses in which something is not known: it cannot be published."""

    def __init__(self, clauses: tuple[Clause, ...]) -> None:
        """Keep the clauses, and name the first of them."""
        named = clauses[:_NAMED_MAX]
        zh = "；".join(f"{clause.number} {clause.title.zh}" for clause in named)
        en = "; ".join(f"{clause.number} {clause.title.en}" for clause in named)
        more = len(clauses) - len(named)
        super().__init__(
            zh=f"采购文件还有 {len(clauses)} 条待定，不能发布：{zh}"
            f"{f'，等 {more} 条' if more else ''}。",
            en=f"{len(clauses)} clauses of the document are still to be decided: {en}"
            f"{f', and {more} more' if more else ''}.",
        )
        self.clauses = clauses


class UnansweredCommentsError(RefusedError):
    """Comments on the drafts have no answer yet."""

    def __init__(self, number: int) -> None:
        """Keep how many."""
        super().__init__(
            zh=f"还有 {number} 条意见没有答复，答复之后才能发布。",
            en=f"{number} comments have no answer yet; answer them before publishing.",
        )
        self.number = number


class AlreadyPublishedError(RefusedError):
    """The round's document is published: from then on it is amended."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="采购文件已经发布，此后的修改须发布补充文件。",
            en="The document is published; from now on it is changed by amendments.",
        )


class NotPublishedError(RefusedError):
    """The round's document is not published yet."""

    def __init__(self) -> None:
        """Say what is missing."""
        super().__init__(
            zh="采购文件尚未发布。", en="The procurement document is not published yet."
        )


class CommentsClosedError(RefusedError):
    """No comments are taken now."""

    def __init__(self) -> None:
        """Say when they are."""
        super().__init__(
            zh="目前不在征求意见期内。", en="Comments are not being taken at this time."
        )


class AmendmentTooLateError(RefusedError):
    """Bidding has closed, or the round is not at a stage in which its document can change."""

    def __init__(self) -> None:
        """Say until when."""
        super().__init__(
            zh="采购文件只能在发布之后、申报截止之前修改。",
            en="A document can be amended after its publication and before bidding closes.",
        )


class NothingChangedError(RefusedError):
    """An amendment would change no clause."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="按所填内容，采购文件没有任何条款发生变化。",
            en="With what is given, no clause of the document changes.",
        )


class SupersededError(RefusedError):
    """Something is done to a version that is not the newest any more."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="该版本已被新的版本取代，请查看最新版本。",
            en="A newer version has taken this one's place; please see that one.",
        )
