"""Documents of the decision: the rules, the facts that were evaluated, the report, a letter."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from bidding.sealing.bid import UNITS_MAX
from bidding.sealing.canonical import Json, canonical_bytes, parse_json
from bidding.sealing.errors import FormatError, MismatchError
from bidding.sealing.manifest import Manifest
from bidding.sealing.reading import Fields, moment_text
from bidding.sealing.signing import (
    Document,
    SigningKey,
    check_signature,
    read_head,
    sign_document,
    take_signature,
    with_signature,
)
from bidding.sealing.suites import RandomBytes

RULEBOOK = "rulebook/1"
SHEET = "sheet/1"
REPORT = "report/1"
LETTER = "letter/1"
DECISION_SIZE_MAX = 512 * 1024 * 1024
ENTRIES_MAX = 10**6
UNAMENDED = "{}"
_DECIMAL = re.compile(r"-?\d{1,40}(\.\d{1,60})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class RulebookText:
    """The rules that applied, as they were frozen.

    Attributes:
        rulebook: Its identifier.
        text: Of its file, byte for byte.
        changes: What amendments changed, as one canonical text; ``{}`` where none did.
    """

    rulebook: str
    text: str
    changes: str = UNAMENDED

    @property
    def digest(self) -> str:
        """SHA-256 by which manifest and report name it."""
        digest = hashlib.sha256(self.text.encode()).hexdigest()
        if self.changes == UNAMENDED:
            return digest
        return hashlib.sha256(f"{digest}\n{self.changes}".encode()).hexdigest()

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical_bytes(
            {"type": RULEBOOK, "id": self.rulebook, "text": self.text, "changes": self.changes}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement of the server about one round.

    Attributes:
        suite_name: As in the manifest.
        round_name: As in the manifest.
        manifest: Digest of the manifest of the bids.
        issued_at: By the database's clock.
        content: The fields of its kind.
        kind: Which.
        signature: The server's.
    """

    kind: str
    suite_name: str
    round_name: str
    manifest: str
    issued_at: datetime
    content: Mapping[str, Json]
    signature: bytes = b""

    def __repr__(self) -> str:
        """Without its content, which may hold prices."""
        return f"Statement({self.kind!r}, round={self.round_name!r})"

    def unsigned(self) -> Document:
        """The document that the server signs."""
        return {
            "type": self.kind,
            "suite": self.suite_name,
            "round": self.round_name,
            "manifest": self.manifest,
            "issued_at": moment_text(self.issued_at),
            **self.content,
        }

    def document(self) -> Document:
        """The whole document."""
        return with_signature(self.unsigned(), self.signature)

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical_bytes(self.document())

    def text(self, name: str) -> str:
        """A field that is text."""
        return str(self.content[name])

    def entries(self, name: str) -> list[Mapping[str, Json]]:
        """A field that is a list of objects."""
        found = self.content[name]
        assert isinstance(found, Sequence)  # noqa: S101 - read as a list of objects before
        return [one for one in found if isinstance(one, Mapping)]


def issue_statement(
    manifest: Manifest,
    *,
    kind: str,
    content: Mapping[str, Json],
    issued_at: datetime,
    key: SigningKey,
    random_bytes: RandomBytes,
) -> Statement:
    """Sign a sheet, a report or a letter.

    Args:
        manifest: Of the round's bids, the last one.
        kind: `SHEET`, `REPORT` or `LETTER`.
        content: The fields of that kind; a wrong one is refused.
        issued_at: When.
        key: The server's.
        random_bytes: `secrets.token_bytes`.

    Raises:
        FormatError: The content has not the fields of that kind.
        MismatchError: The key is not the one that the manifest names.
    """
    if key.public != manifest.server_key:
        raise MismatchError("server_key", "the key that the manifest names")
    fields = Fields(content, kind.partition("/")[0])
    read = _CONTENTS[kind](fields)
    fields.done()
    statement = Statement(
        kind=kind,
        suite_name=manifest.suite_name,
        round_name=manifest.round_name,
        manifest=manifest.digest,
        issued_at=issued_at,
        content=read,
    )
    signature = sign_document(statement.unsigned(), key=key, random_bytes=random_bytes)
    return replace(statement, signature=signature)


def check_statement(statement: Statement, manifest: Manifest) -> None:
    """Refuse a statement that is not of this round or not signed by its server.

    Raises:
        MismatchError: Another round or manifest.
        SignatureError: Not signed by the server that the manifest names.
    """
    where = statement.kind.partition("/")[0]
    expected = (manifest.suite_name, manifest.round_name, manifest.digest)
    if (statement.suite_name, statement.round_name, statement.manifest) != expected:
        raise MismatchError(f"{where}.manifest", "suite, round and digest of this manifest")
    check_signature(
        statement.unsigned(),
        public=manifest.server_key,
        signature=statement.signature,
        whose="the server",
    )


def read_rulebook_text(text: bytes | str) -> RulebookText:
    """Read the rules of a bundle strictly.

    Raises:
        FormatError: Where it differs from the format, and what was expected there.
    """
    fields = Fields(parse_json(text, where="rulebook", size_max=DECISION_SIZE_MAX), "rulebook")
    fields.word("type", [RULEBOOK])
    found = RulebookText(fields.text("id"), _whole(fields, "text"), _whole(fields, "changes"))
    fields.done()
    return found


def read_statement(text: bytes | str) -> Statement:
    """Read a sheet, a report or a letter strictly; `check_statement` then checks its signature.

    Raises:
        FormatError: Where it differs from the format, and what was expected there.
    """
    document = parse_json(text, where="statement", size_max=DECISION_SIZE_MAX)
    kind = document.get("type") if isinstance(document, Mapping) else None
    if not isinstance(kind, str) or kind not in _CONTENTS:
        raise FormatError("statement.type", f"one of {', '.join(_CONTENTS)}")
    fields = Fields(document, kind.partition("/")[0])
    chosen = read_head(fields, kind)
    return Statement(
        kind=kind,
        suite_name=chosen.name,
        round_name=fields.text("round"),
        manifest=fields.digest("manifest"),
        issued_at=fields.moment("issued_at"),
        content=_CONTENTS[kind](fields),
        signature=take_signature(fields, chosen),
    )


def _sheet(fields: Fields) -> Document:
    return {
        "rulebook": fields.text("rulebook"),
        "rulebook_digest": fields.digest("rulebook_digest"),
        # The bid sheet in the text of a stored round; volumes make it long.
        "facts": _whole(fields, "facts"),
        "bids": _objects(fields, "bids", _owner),
        "left_out": _objects(fields, "left_out", _left_out),
        "answers": _objects(fields, "answers", _answer),
    }


def _owner(fields: Fields) -> Document:
    return {
        "lot": fields.text("lot"),
        "bid": fields.text("bid"),
        "bidder": fields.text("bidder"),
    }


def _left_out(fields: Fields) -> Document:
    return {
        "lot": fields.text("lot"),
        "bidder": fields.text("bidder"),
        "reason": _whole(fields, "reason"),
        "quotes": _objects(fields, "quotes", _quote),
    }


def _quote(fields: Fields) -> Document:
    price = Fields(fields.take("declared_price"), fields.place("declared_price"))
    quote: Document = {
        "strength": fields.text("strength"),
        "declared_price": {
            "pack_price": price.text("pack_price", pattern=_DECIMAL, what="a decimal as text"),
            "pack_units": price.whole("pack_units", 1, UNITS_MAX),
        },
    }
    price.done()
    return quote


def _answer(fields: Fields) -> Document:
    return {
        "lot": fields.text("lot"),
        "bid": fields.text("bid"),
        "question": fields.text("question"),
        "answer": fields.flag("answer"),
        "price": _figure(fields, "price"),
        "by": fields.word("by", ("bidder", "bureau")),
        # Of a bidder's answer: the sitting in which it was asked, by the digest of its manifest;
        # which product it names there; and the price that was offered.
        "manifest": fields.optional("manifest", fields.digest),
        "product": fields.optional("product", fields.text),
        "offered": _figure(fields, "offered"),
    }


def _report(fields: Fields) -> Document:
    return {
        "text": _whole(fields, "text"),
        "digest": fields.digest("digest"),
        "rulebook_digest": fields.digest("rulebook_digest"),
        "code_version": fields.text("code_version"),
        "evaluated_at": moment_text(fields.moment("evaluated_at")),
    }


def _letter(fields: Fields) -> Document:
    return {
        "report": fields.digest("report"),
        "lot": fields.text("lot"),
        "bid": fields.text("bid"),
        "bidder": fields.text("bidder"),
        "strength": fields.text("strength"),
        "status": fields.text("status"),
        "clause": fields.text("clause"),
        "rank": fields.optional("rank", lambda one: fields.whole(one, 1, ENTRIES_MAX)),
        **{name: _figure(fields, name) for name in _FIGURES},
    }


_FIGURES = ("declared_price", "comparable_price", "needed_price", "needed_pack_price")

LETTER_FIGURES = (
    "strength",
    "status",
    "clause",
    "rank",
    *_FIGURES,
)
"""What a letter says of a bid, named as the report's outcomes name it."""


def _figure(fields: Fields, name: str) -> str | None:
    """A decimal, to as many digits as the evaluation computes with."""
    return fields.optional(
        name, lambda one: fields.text(one, pattern=_DECIMAL, what="a decimal as text")
    )


def _whole(fields: Fields, name: str) -> str:
    """Text of any length, with line breaks: what is kept byte for byte."""
    value = fields.take(name)
    if not isinstance(value, str):
        raise FormatError(fields.place(name), "text")
    return value


def _objects(fields: Fields, name: str, read: Callable[[Fields], Document]) -> list[Document]:
    found = []
    for one in fields.objects(name, most=ENTRIES_MAX):
        found.append(read(one))
        one.done()
    return found


_CONTENTS: Mapping[str, Callable[[Fields], Document]] = MappingProxyType(
    {SHEET: _sheet, REPORT: _report, LETTER: _letter}
)
