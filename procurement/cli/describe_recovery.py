"""Print what a back-up holds, or what a restore was compared with."""

from typing import Any

from procurement.recovery.archive import Manifest


def document(manifest: Manifest) -> dict[str, Any]:
    """The manifest for ``--json``, without the list of files and the counts of rows."""
    facts = manifest.facts.document()
    del facts["rows"]
    return {
        "version": manifest.version,
        "made_at": manifest.made_at,
        "database": manifest.database,
        "revision": manifest.revision,
        **facts,
    }


def describe(manifest: Manifest, *, language: str) -> str:
    """The manifest in words.

    Args:
        manifest: Of a back-up.
        language: ``zh`` or ``en``.

    Returns:
        Text that ends in a line feed. It tells no counts of rows: one of them is the bids' log.
    """
    facts = manifest.facts
    zh = language == "zh"
    labels = (
        ("制作时间", "数据库", "审计链首", "审计条目")
        if zh
        else ("made at", "database", "audit head", "audit entries")
    )
    database = f"{manifest.database}, {manifest.revision}"
    values = (manifest.made_at, database, facts.audit_head or "–", str(facts.audit_entries))
    lines = [f"  {label}: {value}" for label, value in zip(labels, values, strict=True)]
    word = "日志根" if zh else "root of the log"
    lines += [f"  {word} {where}: {root}" for where, root in facts.logs.items()]
    return "\n".join(lines) + "\n"
