"""What is sealed: prices by lot and strength, or second answers, with a random nonce."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bidding.sealing.canonical import canonical_bytes, decimal_text, pad, parse_json, unpad
from bidding.sealing.errors import FormatError, MismatchError
from bidding.sealing.manifest import NAME_FORM, Manifest, ManifestStrength, Purpose
from bidding.sealing.reading import Fields, binary_text
from bidding.sealing.signing import Document
from pricing.money import UnitPrice

KIND = "bid/1"
NONCE_SIZE = 16
PLAINTEXT_SIZE_MAX = 1024 * 1024
LINES_MAX = 5000
UNITS_MAX = 10**9
CAPACITY_MAX = 10**15

_BIDDER = re.compile(r"[^|\x00-\x1f\x7f]{1,100}")
_QUESTION = re.compile(r"[a-z][a-z-]{0,39}")


@dataclass(frozen=True, slots=True)
class BidLine:
    """The price of one strength of a lot.

    Attributes:
        lot: The lot's identifier in the manifest.
        strength: The strength as the manifest spells it.
        declared_price: Yuan per minimal unit; None where a pack price is declared.
        pack_units: Minimal units in the pack.
        pack_price: Yuan per pack; with `pack_units`, the unit price is their exact quotient.
        product: Which of the bidder's products it is, where it has several in the lot.
        capacity: Main-strength units a year that it can supply.
        supplies: Strengths that it can supply; empty = all.
    """

    lot: str
    strength: str
    declared_price: Decimal | None = None
    pack_units: int | None = None
    pack_price: Decimal | None = None
    product: str | None = None
    capacity: int | None = None
    supplies: tuple[str, ...] = ()

    @property
    def unit_price(self) -> UnitPrice:
        """The price of one minimal unit, exact.

        Raises:
            FormatError: Neither a declared price nor a pack with its price.
        """
        if self.pack_price is not None and self.pack_units is not None:
            return UnitPrice(self.pack_price, self.pack_units)
        if self.declared_price is None:
            raise FormatError("line", "declared_price, or pack_units and pack_price")
        return UnitPrice(self.declared_price)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A second answer: to which question about which bid, yes or no, and at which price."""

    lot: str
    question: str
    answer: bool
    price: Decimal | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True)
class Bid:
    """The content of an envelope.

    Attributes:
        lines: Prices; empty in answers and rehearsals.
        answers: Second answers; empty in bids and rehearsals.
    """

    lines: tuple[BidLine, ...] = ()
    answers: tuple[AnswerLine, ...] = ()


@dataclass(frozen=True, slots=True)
class SealedContent:
    """A bid together with what ties it to one envelope."""

    bid: Bid
    round_name: str
    bidder: str
    version: int
    nonce: bytes

    def to_plaintext(self) -> bytes:
        """Canonical JSON, padded."""
        document: Document = {
            "type": KIND,
            "round": self.round_name,
            "bidder": self.bidder,
            "version": self.version,
            "nonce": binary_text(self.nonce),
            "lines": [line_document(line) for line in self.bid.lines],
            "answers": [_answer_document(line) for line in self.bid.answers],
        }
        return pad(canonical_bytes(document))


def line_document(line: BidLine) -> Document:
    """A line as the plaintext and the opening record write it; what is absent is left out."""
    document: Document = {"lot": line.lot, "strength": line.strength}
    optional: Document = {
        "declared_price": _price_text(line.declared_price),
        "pack_units": line.pack_units,
        "pack_price": _price_text(line.pack_price),
        "product": line.product,
        "capacity": line.capacity,
        "supplies": list(line.supplies) or None,
    }
    return document | {name: value for name, value in optional.items() if value is not None}


def _answer_document(line: AnswerLine) -> Document:
    document: Document = {"lot": line.lot, "question": line.question, "answer": line.answer}
    optional: Document = {"price": _price_text(line.price), "product": line.product}
    return document | {name: value for name, value in optional.items() if value is not None}


def bid_document(bid: Bid) -> Document:
    """A bid without what ties it to an envelope."""
    return {
        "lines": [line_document(line) for line in bid.lines],
        "answers": [_answer_document(line) for line in bid.answers],
    }


def _price_text(price: Decimal | None) -> str | None:
    return None if price is None else decimal_text(price)


def read_plaintext(padded: bytes) -> SealedContent:
    """Read the plaintext of an envelope strictly.

    Raises:
        FormatError: Where it differs from the format, without the value that stands there.
    """
    document = parse_json(unpad(padded), where="bid", size_max=PLAINTEXT_SIZE_MAX)
    fields = Fields(document, "bid")
    fields.word("type", [KIND])
    content = SealedContent(
        round_name=fields.text("round"),
        bidder=fields.text("bidder", pattern=_BIDDER, what=NAME_FORM),
        version=fields.whole("version", 1, 10**6),
        nonce=fields.binary("nonce", size=NONCE_SIZE),
        bid=bid_from(fields),
    )
    return content


def bid_from(fields: Fields) -> Bid:
    """The lines and answers of an object, which holds nothing else."""
    bid = Bid(
        lines=tuple(read_line(one) for one in fields.objects("lines", most=LINES_MAX)),
        answers=tuple(read_answer(one) for one in fields.objects("answers", most=LINES_MAX)),
    )
    fields.done()
    return bid


def read_line(fields: Fields) -> BidLine:
    """A line in an object of its own.

    Raises:
        FormatError: Where it differs from the format, without the value that stands there.
    """
    """A line in an object of its own."""
    line = BidLine(
        lot=fields.text("lot"),
        strength=fields.text("strength"),
        declared_price=fields.absent_or("declared_price", fields.price),
        pack_units=fields.absent_or("pack_units", lambda name: fields.whole(name, 1, UNITS_MAX)),
        pack_price=fields.absent_or("pack_price", fields.price),
        product=fields.absent_or("product", fields.text),
        capacity=fields.absent_or("capacity", lambda name: fields.whole(name, 0, CAPACITY_MAX)),
        supplies=fields.absent_or("supplies", fields.texts) or (),
    )
    fields.done()
    if (line.pack_units is None) != (line.pack_price is None):
        raise FormatError(fields.where, "pack_units and pack_price together")
    if (line.declared_price is None) == (line.pack_price is None):
        raise FormatError(fields.where, "either declared_price or pack_units and pack_price")
    return line


def read_answer(fields: Fields) -> AnswerLine:
    """A second answer in an object of its own.

    Raises:
        FormatError: Where it differs from the format, without the value that stands there.
    """
    """A second answer in an object of its own."""
    line = AnswerLine(
        lot=fields.text("lot"),
        question=fields.text("question", pattern=_QUESTION, what="a question's word"),
        answer=fields.flag("answer"),
        price=fields.absent_or("price", fields.price),
        product=fields.absent_or("product", fields.text),
    )
    fields.done()
    return line


def check_bid(bid: Bid, manifest: Manifest) -> None:
    """Refuse a bid that does not fit its manifest.

    Price ceilings are no matter of sealing: `lines_above_ceiling` tells before it.

    Raises:
        MismatchError: The content is of another purpose, names an unknown lot or strength, or one
            strength twice.
    """
    wanted = {
        Purpose.BIDS: (bool(bid.lines), not bid.answers),
        Purpose.ANSWERS: (not bid.lines, bool(bid.answers)),
        Purpose.REHEARSAL: (not bid.lines, not bid.answers),
    }[manifest.purpose]
    if not all(wanted):
        raise MismatchError("bid", f"content for the purpose {manifest.purpose.value!r}")
    strengths = strengths_of(manifest)
    lots = {lot for lot, _ in strengths}
    for index, line in enumerate(bid.lines):
        if (line.lot, line.strength) not in strengths:
            raise MismatchError(f"bid.lines[{index}]", "a lot and strength of the manifest")
    for index, answer in enumerate(bid.answers):
        if answer.lot not in lots:
            raise MismatchError(f"bid.answers[{index}].lot", "a lot of the manifest")
    _check_once(bid)


def _check_once(bid: Bid) -> None:
    lines = [(line.lot, line.strength, line.product) for line in bid.lines]
    answers = [(line.lot, line.question, line.product) for line in bid.answers]
    if len(set(lines)) != len(lines):
        raise MismatchError("bid.lines", "one line for a lot, strength and product")
    if len(set(answers)) != len(answers):
        raise MismatchError("bid.answers", "one answer for a lot, question and product")


def strengths_of(manifest: Manifest) -> dict[tuple[str, str], ManifestStrength]:
    """The strengths of a manifest by lot and strength."""
    return {
        (lot.lot, strength.strength): strength
        for lot in manifest.lots
        for strength in lot.strengths
    }


def lines_above_ceiling(bid: Bid, manifest: Manifest) -> tuple[BidLine, ...]:
    """The lines whose unit price is above the ceiling: such a bid would not be valid."""
    strengths = strengths_of(manifest)
    return tuple(
        line
        for line in bid.lines
        if (ceiling := strengths[line.lot, line.strength].price_ceiling) is not None
        and not line.unit_price.is_at_most(ceiling)
    )
