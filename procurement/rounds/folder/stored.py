"""Reading back what `write_facts` wrote: a stored round as the values it was made of."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from bidding.bid_sheet import (
    Answer,
    Bid,
    Category,
    Choice,
    DosageForm,
    Lot,
    QuestionKind,
    Quote,
    Round,
    Strength,
    Volume,
)
from pricing.money import UnitPrice
from procurement.errors import JicaiError
from procurement.rounds.folder.expected import Expected
from procurement.rounds.folder.facts import VERSION
from procurement.rounds.folder.read import RoundFolder

_MARKED_KINDS = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "decimal": Decimal,
}


class UnknownFactsError(JicaiError):
    """A stored text is not one that this version of the platform writes."""

    def __init__(self, found: object) -> None:
        """Keep the version that the text names."""
        super().__init__(f"stored facts of version {found!r}; expected version {VERSION}")
        self.found = found


def read_facts(text: str) -> RoundFolder:
    """Read the canonical text of a round; writing the answer gives the same text again.

    Args:
        text: As `procurement.rounds.folder.facts.write_facts` wrote it.

    Raises:
        UnknownFactsError: It is of another version, or of a draft that has no facts yet.

    Examples:
        >>> from procurement.rounds.folder.facts import write_facts
        >>> sheet = Round(
        ...     "a round", "national-3", date(2020, 8, 20),
        ...     (Lot("L01", "阿那曲唑", {"1mg": Strength("1mg", Decimal("1"), Decimal("2.50"))}),),
        ...     (Bid("L01", "甲", "甲", (Quote("1mg", UnitPrice(Decimal("6.97"), 7)),)),),
        ...     options={"cycle.ends_on": date(2028, 12, 31)},
        ... )
        >>> read_facts(write_facts(sheet)).round == sheet
        True
    """
    document: dict[str, Any] = json.loads(text)
    if document.get("version") != VERSION:
        raise UnknownFactsError(document.get("version"))
    opened_on = document["opened_on"]
    sheet = Round(
        title=document["title"],
        rulebook=document["rulebook"],
        opened_on=date.fromisoformat(opened_on) if opened_on else None,
        lots=tuple(_lot(raw) for raw in document["lots"]),
        bids=tuple(_bid(raw) for raw in document["bids"]),
        volumes=tuple(_volume(raw) for raw in document["volumes"]),
        choices=tuple(Choice(**raw) for raw in document["choices"]),
        options={key: _unmarked(raw) for key, raw in document["options"].items()},
    )
    return RoundFolder(
        round=sheet,
        answers=tuple(_answer(raw) for raw in document["answers"]),
        expected=tuple(_expected(raw) for raw in document["expected"]),
    )


def _lot(raw: Mapping[str, Any]) -> Lot:
    form = raw.get("dosage_form")
    strengths = {label: _strength(entry) for label, entry in raw["strengths"].items()}
    return Lot(
        lot=raw["lot"],
        product=raw["product"],
        strengths=strengths,
        dosage_form=None if form is None else DosageForm(form),
        category=Category(raw["category"]),
        daily_dose=_decimal(raw, "daily_dose"),
    )


def _strength(raw: Mapping[str, Any]) -> Strength:
    return Strength(raw["label"], Decimal(raw["ratio"]), _decimal(raw, "price_ceiling"))


def _bid(raw: Mapping[str, Any]) -> Bid:
    passed_on, supplies = raw.get("passed_on"), raw.get("supplies")
    changed: dict[str, Any] = {
        "quotes": tuple(_quote(entry) for entry in raw["quotes"]),
        "supplies": None if supplies is None else frozenset(supplies),
        "passed_on": None if passed_on is None else date.fromisoformat(passed_on),
        "quality_score": _decimal(raw, "quality_score"),
    }
    return Bid(**{**raw, **changed})


def _quote(raw: Mapping[str, Any]) -> Quote:
    price = raw.get("declared_price")
    if price is None:
        return Quote(raw["strength"], None)
    return Quote(raw["strength"], UnitPrice(Decimal(price["pack_price"]), price["pack_units"]))


def _volume(raw: Mapping[str, Any]) -> Volume:
    return Volume(**{**raw, "ratio": Decimal(raw["ratio"])})


def _answer(raw: Mapping[str, Any]) -> Answer:
    question = QuestionKind(raw["question"])
    return Answer(**{**raw, "question": question, "price": _decimal(raw, "price")})


def _expected(raw: Mapping[str, Any]) -> Expected:
    return Expected(**{"bid": None, **raw, "regions": tuple(raw["regions"])})


def _decimal(raw: Mapping[str, Any], name: str) -> Decimal | None:
    return None if raw.get(name) is None else Decimal(raw[name])


def _unmarked(value: Any) -> object:  # noqa: ANN401 - whatever JSON holds
    """The value of an option, by the mark that tells its kind."""
    if isinstance(value, list):
        return [_unmarked(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    ((mark, content),) = value.items()
    if mark == "table":
        return {key: _unmarked(entry) for key, entry in content.items()}
    return _MARKED_KINDS[mark](content)
