"""The notice of an amendment (第N号补充文件): the clauses changed, before and after."""

from procurement.rounds.document.changes import Change, ChangeKind
from procurement.rounds.document.clause import (
    Certainty,
    Clause,
    Document,
    Grid,
    Said,
    Section,
)
from rulebooks import Bilingual

_WHAT = {
    ChangeKind.CHANGED: Bilingual("修改", "changed"),
    ChangeKind.ADDED: Bilingual("增加", "added"),
    ChangeKind.REMOVED: Bilingual("删去", "removed"),
}
_NONE = Bilingual("（无）", "(none)")

ROWS_MAX = 20
"""A table with more rows is not printed whole, before and after."""


def notice_kind(number: int) -> Bilingual:
    """What the notice is called.

    Examples:
        >>> notice_kind(1).zh
        '第1号补充文件'
    """
    return Bilingual(f"第{number}号补充文件", f"Amendment No. {number}")


def whole_kind(number: int) -> Bilingual:
    """What the whole document is called after so many amendments.

    Examples:
        >>> whole_kind(2).zh
        '采购文件（含第1至2号补充文件）'
    """
    if number == 1:
        return Bilingual("采购文件（含第1号补充文件）", "Procurement document, as amended (No. 1)")
    return Bilingual(
        f"采购文件（含第1至{number}号补充文件）",
        f"Procurement document, as amended (No. 1 to {number})",
    )


def write_notice(
    document: Document, changes: tuple[Change, ...], *, number: int, reason: str
) -> Document:
    """Write the notice of an amendment.

    Args:
        document: The whole document as amended.
        changes: Against the version before.
        number: Of the amendment, from 1.
        reason: Why it is made.
    """
    return Document(
        title=document.title,
        kind=notice_kind(number),
        issuer=document.issuer,
        reference=document.reference,
        dated=document.dated,
        rulebook=document.rulebook,
        rulebook_digest=document.rulebook_digest,
        sections=(
            Section(
                "notice",
                1,
                Bilingual("说明", "Why and what"),
                (_reason(reason), _scope(len(changes))),
            ),
            Section(
                "changes",
                2,
                Bilingual("修改的条款", "Clauses changed"),
                tuple(
                    _change(change, f"2.{position}")
                    for position, change in enumerate(changes, start=1)
                ),
            ),
        ),
    )


def _reason(reason: str) -> Clause:
    return Clause(
        "notice.reason",
        "1.1",
        Bilingual("修改理由", "Reason"),
        Said(Bilingual(reason, reason)),
        Certainty.FACT,
    )


def _scope(number: int) -> Clause:
    return Clause(
        "notice.scope",
        "1.2",
        Bilingual("修改范围", "Scope"),
        Said(
            Bilingual(
                f"本补充文件修改下列 {number} 条，其余条款不变。本补充文件自发布之日起生效，是采"
                "购文件的"
                "组成部分，请在平台确认收悉。",
                f"This amendment changes the {number} clauses below and no other. It is in force "
                "from its publication and part of the document; please acknowledge it on the "
                "platform.",
            )
        ),
        Certainty.STANDING,
    )


def _change(change: Change, number: str) -> Clause:
    clause, what = change.clause, _WHAT[change.kind]
    title = Bilingual(
        f"第 {clause.number} 条“{clause.title.zh}”（{what.zh}）",
        f"Clause {clause.number}, {clause.title.en} ({what.en})",
    )
    heads = (Bilingual("原文", "Before"), Bilingual("修改为", "After"))
    grid = Grid(heads, ((_side(change.old, change.new), _side(change.new, change.old)),))
    text = Bilingual("本条修改如下：", "This clause changes as follows:")
    if _is_long(change):
        text = Bilingual(
            "本条修改如下（表格只列出有变化的各行）：",
            "This clause changes as follows (of its table, only the rows that differ):",
        )
    return Clause(clause.id, number, title, Said(text, grid=grid), clause.certainty, clause.source)


def _is_long(change: Change) -> bool:
    both = (change.old, change.new)
    return None not in both and any(_is_long_clause(clause) for clause in both if clause)


def _is_long_clause(clause: Clause) -> bool:
    return clause.said.grid is not None and len(clause.said.grid.rows) > ROWS_MAX


def _side(clause: Clause | None, other: Clause | None) -> Bilingual:
    """The words of one side; of long tables only the lines that the other side does not have."""
    if clause is None:
        return _NONE
    if other is None or not (_is_long_clause(clause) or _is_long_clause(other)):
        return Bilingual(_lines(clause, None, "zh"), _lines(clause, None, "en"))
    zh, en = _lines(clause, other, "zh"), _lines(clause, other, "en")
    return Bilingual(zh, en) if zh else _NONE


def _lines(clause: Clause, other: Clause | None, language: str) -> str:
    lines = clause.plain(language).splitlines()
    if other is not None:
        shared = set(other.plain(language).splitlines())
        lines = [line for line in lines if line not in shared]
    return "\n".join(line.replace("\t", " ｜ ") for line in lines)
