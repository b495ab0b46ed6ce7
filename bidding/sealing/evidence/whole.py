"""A whole bundle of files: its list, its documents, and who answers for what fails."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bidding.sealing.errors import FormatError, SealingError
from bidding.sealing.evidence.bundle import Bundle, add_document, read_bundle
from bidding.sealing.evidence.evaluation import EvaluateAgain
from bidding.sealing.evidence.examine import examine
from bidding.sealing.evidence.finding import (
    Blame,
    Finding,
    Findings,
    Outcome,
    fails,
    holds,
)
from bidding.sealing.evidence.index import (
    NAME,
    WHOLE,
    EvidenceIndex,
    check_index,
    file_hash,
    read_index,
)

Files = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class _Parts:
    """The files of one bundle, and those that were given beside it."""

    listed: Mapping[str, bytes]
    beside: Files
    index: EvidenceIndex | None
    fault: FormatError | None


def examine_files(
    files: Iterable[tuple[str, bytes]],
    *,
    bureau_key: bytes | None = None,
    evaluate_again: EvaluateAgain | None = None,
) -> tuple[Finding, ...]:
    """Examine files of which some may be a bundle with its signed list.

    In a bundle whose list holds, a document that does not hold is the server's fault, whose
    signature says that it was in the bundle. What does not have its listed hash, and what was
    given loose, is answered for by who passed it on.

    Args:
        files: Name and content of each; a bundle's list is called ``evidence.json``.
        bureau_key: See `examine`.
        evaluate_again: See `examine`.

    Returns:
        Findings; each that fails names who is at fault.

    Raises:
        FormatError: There is no list, and a file has another form than its kind.
    """
    given = list(files)
    parts = _parted(given)
    if parts is None:
        bundle = read_bundle(given)
        found = examine(bundle, bureau_key=bureau_key, evaluate_again=evaluate_again)
        return tuple(_named(one, Blame.PRESENTER) for one in found)
    bundle, unreadable = _read_listed(parts)
    found = examine(bundle, bureau_key=bureau_key, evaluate_again=evaluate_again)
    known = set(found)
    listing = tuple(_listing_findings(parts, bundle, found))
    is_intact = all(one.outcome is Outcome.HOLDS for one in listing)
    party = Blame.SERVER if is_intact else Blame.PRESENTER
    if is_intact and parts.index is not None and parts.index.scope == WHOLE:
        found = tuple(_complete(one) for one in found)
    first = tuple(_named(one, party) for one in (*listing, *unreadable, *found))
    if not parts.beside:
        return first
    for name, content in parts.beside:
        _add_or_name(bundle, name, content)
    again = examine(bundle, bureau_key=bureau_key, evaluate_again=evaluate_again)
    more = [_named(one, Blame.PRESENTER) for one in again if one not in known]
    return (*first, *more)


def _add_or_name(bundle: Bundle, name: str, content: bytes) -> None:
    try:
        add_document(bundle, content)
    except FormatError as refusal:
        raise FormatError(f"{name}: {refusal.where}", refusal.expected) from None


def _parted(files: Files) -> _Parts | None:
    """The files below the first list, by their names in it; None where there is no list."""
    lists = [name for name, _ in files if name == NAME or name.endswith(f"/{NAME}")]
    if not lists:
        return None
    prefix = lists[0].removesuffix(NAME)
    listed = {name.removeprefix(prefix): one for name, one in files if name.startswith(prefix)}
    beside = [(name, one) for name, one in files if not name.startswith(prefix)]
    try:
        return _Parts(listed, beside, read_index(listed.pop(NAME)), None)
    except FormatError as fault:
        return _Parts(listed, beside, None, fault)


def _read_listed(parts: _Parts) -> tuple[Bundle, list[Finding]]:
    bundle, unreadable = Bundle(), []
    for name, content in parts.listed.items():
        try:
            add_document(bundle, content)
        except FormatError as refusal:
            unreadable.append(
                fails(f"file {name}", f"无法读取：{refusal}。", f"Cannot be read: {refusal}.")
            )
    return bundle, unreadable


def _listing_findings(parts: _Parts, bundle: Bundle, found: Sequence[Finding]) -> Findings:
    index = parts.index
    if index is None:
        yield fails(
            "evidence list",
            f"无法读取：{parts.fault}。",
            f"Cannot be read: {parts.fault}.",
            Blame.PRESENTER,
        )
        return
    yield _signed_finding(index, bundle, found)
    yield from _changed(index, parts.listed)


def _signed_finding(index: EvidenceIndex, bundle: Bundle, found: Sequence[Finding]) -> Finding:
    manifest = bundle.manifest(index.manifest)
    about = "evidence list"
    holding = {one.about for one in found if one.outcome is Outcome.HOLDS}
    if manifest is None or f"manifest {manifest.digest[:12]}" not in holding:
        return fails(
            about,
            "材料中没有它的清单（manifest），或该清单不成立：不能认定由平台签名。",
            "Its manifest is not in the bundle, or does not hold: no server is known to sign it.",
            Blame.PRESENTER,
        )
    try:
        check_index(index, manifest)
    except SealingError as refusal:
        return fails(about, f"不成立：{refusal}。", f"Does not hold: {refusal}.", Blame.PRESENTER)
    return holds(
        about,
        f"由平台签名；{len(index.files)} 个文件。",
        f"Signed by the server; {len(index.files)} files.",
    )


def _changed(index: EvidenceIndex, listed: Mapping[str, bytes]) -> Iterator[Finding]:
    for name in sorted({*index.files, *listed}):
        about = f"file {name}"
        if name not in listed:
            yield fails(
                about,
                "平台签名的目录中有，材料中没有：之后被取走。",
                "It is on the list that the server signed, and not here: taken out since.",
                Blame.PRESENTER,
            )
        elif name not in index.files:
            yield fails(
                about,
                "不在平台签名的目录中：之后被加入。",
                "It is not on the list that the server signed: put in since.",
                Blame.PRESENTER,
            )
        elif file_hash(index, listed[name]) != index.files[name]:
            yield fails(
                about,
                "与平台签名的哈希不符：之后被改动。",
                "It has another hash than the server signed: changed since.",
                Blame.PRESENTER,
            )


def _complete(finding: Finding) -> Finding:
    """What a bundle lacks that its server calls whole: the server kept it back."""
    return replace(finding, outcome=Outcome.FAILS) if finding.is_lacking else finding


def _named(finding: Finding, party: Blame) -> Finding:
    is_unnamed = finding.outcome is Outcome.FAILS and finding.blame in (None, Blame.UNKNOWN)
    return replace(finding, blame=party) if is_unnamed else finding
