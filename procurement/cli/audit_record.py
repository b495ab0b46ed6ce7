"""An exported audit record, followed offline for ``jicai verify``."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bidding.sealing import SealingError
from bidding.sealing.evidence import Blame, Finding, Outcome
from bidding.sealing.signing import check_signature
from procurement.audit.chain import Followed, follow, read_links
from procurement.cli.sealing_files import BadFileError

SUFFIX = ".jsonl"
HEAD = "audit-head/1"
_HEAD_FIELDS = {"type", "suite", "entries", "digest", "exported_at", "server_key", "signature"}


def examine_record(path: Path) -> tuple[Finding, ...]:
    """Follow the chain of a record, and check what signs its head.

    Args:
        path: As ``/audit/record.jsonl`` gave it.

    Raises:
        BadFileError: It cannot be read, or is no such record.
    """
    about = str(path)
    try:
        *lines, last = list(_documents(path))
        found = follow(read_links(lines))
    except ValueError as refusal:
        raise BadFileError(path, str(refusal), "an exported audit record") from None
    if set(last) != _HEAD_FIELDS or last["type"] != HEAD:
        raise BadFileError(path, "its last line is no signed head", f"a line of type {HEAD}")
    return (_chain_finding(about, found), _head_finding(about, last, found))


def _documents(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                document = json.loads(line)
                if not isinstance(document, dict):
                    raise BadFileError(path, f"line {number} is no object", "a JSON object")
                yield document
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadFileError(path, f"cannot be read ({reason})", "a file") from None


def _chain_finding(about: str, found: Followed) -> Finding:
    if found.broken is None:
        zh = f"{found.entries} 条记录逐条相连，没有改动、增删或调换。"
        en = f"{found.entries} entries follow one another: none was changed, added, left out."
        return Finding(about, Outcome.HOLDS, zh, en)
    zh = f"第 {found.broken} 条与前一条不符。"
    en = f"Entry {found.broken} does not fit the one before."
    return Finding(about, Outcome.FAILS, zh, en, Blame.PRESENTER)


def _head_finding(about: str, head: dict[str, Any], found: Followed) -> Finding:
    unsigned = {name: value for name, value in head.items() if name != "signature"}
    try:
        check_signature(
            unsigned,
            public=bytes.fromhex(head["server_key"]),
            signature=bytes.fromhex(head["signature"]),
            whose="the server",
        )
    except (SealingError, ValueError, TypeError):
        zh, en = "末行的签名不成立。", "The signature of the last line does not hold."
        return Finding(about, Outcome.FAILS, zh, en, Blame.PRESENTER)
    if (head["entries"], head["digest"]) != (found.entries, found.head):
        zh, en = "签名的条数或末条摘要与文件不符。", "What is signed is not what the file holds."
        return Finding(about, Outcome.FAILS, zh, en, Blame.PRESENTER)
    key = head["server_key"][:16]
    zh = f"平台于 {head['exported_at']} 签名（公钥 {key}…）；请与所持回执上的平台公钥核对。"
    en = f"Signed by the platform at {head['exported_at']} (key {key}…); compare it with receipts."
    return Finding(about, Outcome.HOLDS, zh, en)
