"""Which rules of fulfilment a region has: of each, that of the smallest region that states it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import cast

from pricing.stated_rules import RuleNotStatedError
from procurement.orders.fulfilment.rules.delivery_limit import DaysOff, DeliveryRules
from rulebooks import Rulebook, load_rulebook, rulebook_ids
from rulebooks.vocabulary.fulfilment import FULFILMENT_TERMS

SERIES = "fulfilment-"
DRUGS = "drugs"
CONSUMABLES = "consumables"
TCM = "tcm"
KINDS = (DRUGS, CONSUMABLES, TCM)


@dataclass(frozen=True, slots=True)
class GivenRule:
    """What somebody decided for a region because texts leave it open.

    Attributes:
        region: Division code.
        key: Of the vocabulary.
        value: As the vocabulary reads it.
        in_force_from: The first day.
        basis: The document or decision that says so.
    """

    region: str
    key: str
    value: object
    in_force_from: date
    basis: str


@dataclass(frozen=True, slots=True)
class FoundRule:
    """A rule that holds for a region on a day.

    Attributes:
        key: Of the vocabulary.
        value: Read by the vocabulary.
        region: The division that has it.
        rulebook: Its rulebook's identifier; empty where somebody gave it.
        cited: Clause and key, or the basis on which it was given.
        source: Who states it.
        is_verified: Whether a source states it.
    """

    key: str
    value: object
    region: str
    rulebook: str
    cited: str
    source: str
    is_verified: bool


class RegionRules:
    """The rules of a region on a day; asking for what nobody states is refused by name.

    A rule of a county goes before its city's, a city's before its province's, that before the
    nation's. Within a region a verified rule goes before one that was given, and that before one
    that is not verified; of the same kind the newest counts.

    Examples:
        >>> rules = RegionRules("430102", date(2026, 1, 5))
        >>> rules.delivery.hours["ordinary"], rules.found("paid.deadline").rulebook
        (48, 'fulfilment-national-2021')
        >>> RegionRules("430102", date(2025, 1, 5)).delivery is None
        True
    """

    def __init__(
        self, region: str, day: date, *, covers: str = DRUGS, given: Sequence[GivenRule] = ()
    ) -> None:
        """Find them.

        Args:
            region: Division code of the hospital.
            day: The day on which they hold.
            covers: Kind of product: ``drugs``, ``consumables`` or ``tcm``.
            given: What was decided for regions, in the order of recording; a later one of the same
                region, key and first day counts.
        """
        self.region = region
        self.day = day
        self._found: dict[str, tuple[tuple[int, int, date, int], FoundRule]] = {}
        self._unknown: dict[str, tuple[str, str, str]] = {}
        for book in fulfilment_books():
            self._take_book(book, covers)
        for place, rule in enumerate(given):
            self._take_given(rule, place)

    def found(self, key: str) -> FoundRule | None:
        """The rule that holds, or None where nobody states one."""
        entry = self._found.get(key)
        return entry[1] if entry else None

    def required(self, key: str) -> FoundRule:
        """The rule that holds.

        Raises:
            RuleNotStatedError: Nobody states it for this region.
        """
        rule = self.found(key)
        if rule is None:
            zh, en = self.what(key)
            book = self._unknown[key][0] if key in self._unknown else self.region
            raise RuleNotStatedError(book, key, zh=zh, en=en)
        return rule

    def what(self, key: str) -> tuple[str, str]:
        """What a rule says, in Chinese and English: as a document leaves it open, else its name."""
        term = FULFILMENT_TERMS[key]
        return self._unknown[key][1:] if key in self._unknown else (term.zh, term.en)

    def decimal(self, key: str) -> Decimal:
        """A rule whose value is a decimal.

        Raises:
            RuleNotStatedError: Nobody states it for this region.
        """
        return cast("Decimal", self.required(key).value)

    def count(self, key: str) -> int:
        """A rule whose value is a whole number.

        Raises:
            RuleNotStatedError: Nobody states it for this region.
        """
        return cast("int", self.required(key).value)

    def word(self, key: str) -> str:
        """A rule whose value is a word.

        Raises:
            RuleNotStatedError: Nobody states it for this region.
        """
        return cast("str", self.required(key).value)

    def words(self, key: str) -> tuple[str, ...]:
        """A rule whose value is a list of words; none where nobody states it."""
        rule = self.found(key)
        return cast("tuple[str, ...]", rule.value) if rule else ()

    def knows(self, key: str) -> bool:
        """Whether somebody states a rule for this region."""
        return key in self._found

    @property
    def delivery(self) -> DeliveryRules | None:
        """What is stated about limits of delivery; None where nothing is."""
        hours, holidays = self.found("delivery.hours"), self.found("delivery.holidays")
        start = self.found("delivery.counted_from")
        if hours is None or start is None or start.value != "order-confirmation":
            return None
        treated = cast("Mapping[str, str]", holidays.value) if holidays else {}
        return DeliveryRules(
            hours.rulebook or hours.cited, cast("Mapping[str, int]", hours.value), treated
        )

    @property
    def days_off(self) -> DaysOff | None:
        """The days off that were given for the region; None where none were."""
        rule = self.found("delivery.days_off")
        if rule is None:
            return None
        return DaysOff.of(cast("Mapping[int, tuple[date, ...]]", rule.value))

    def open_keys(self) -> tuple[str, ...]:
        """Keys that the documents of this region need and no source states, nor anybody gave."""
        return tuple(
            key for key in FULFILMENT_TERMS if key in self._unknown and key not in self._found
        )

    def all_found(self) -> tuple[FoundRule, ...]:
        """Every rule that holds, in the order of the vocabulary."""
        return tuple(self._found[key][1] for key in FULFILMENT_TERMS if key in self._found)

    def _take_book(self, book: Rulebook, covers: str) -> None:
        region = region_of(book)
        if not contains(region, self.region) or covers not in covered_by(book):
            return
        for key, rule in book.rules.items():
            if key.startswith("scope.") or rule.in_force_from > self.day:
                continue
            rank = (len(significant(region)), 2 if rule.verified else 0, rule.in_force_from, 0)
            found = FoundRule(
                key, rule.value, region, book.id, rule.cited, rule.source, rule.verified
            )
            self._offer(rank, found)
        if book.in_force_from <= self.day:
            for key, unknown in book.unknown.items():
                self._unknown[key] = (book.id, unknown.what.zh, unknown.what.en)

    def _take_given(self, rule: GivenRule, place: int) -> None:
        if rule.in_force_from > self.day or not contains(rule.region, self.region):
            return
        rank = (len(significant(rule.region)), 1, rule.in_force_from, place)
        found = FoundRule(
            rule.key, rule.value, rule.region, "", rule.basis, rule.basis, is_verified=False
        )
        self._offer(rank, found)

    def _offer(self, rank: tuple[int, int, date, int], rule: FoundRule) -> None:
        present = self._found.get(rule.key)
        if present is None or rank > present[0]:
            self._found[rule.key] = (rank, rule)


def significant(region: str) -> str:
    """The digits of a division code that say something: none for the nation.

    Examples:
        >>> significant("000000"), significant("340000"), significant("341500")
        ('', '34', '3415')
    """
    digits = region
    while digits.endswith("00"):
        digits = digits[:-2]
    return digits


def contains(region: str, other: str) -> bool:
    """Whether a division contains another, or is the same.

    Examples:
        >>> contains("000000", "341523"), contains("340000", "350000")
        (True, False)
    """
    return other.startswith(significant(region))


def region_of(book: Rulebook) -> str:
    """The division in which a rulebook holds."""
    return cast("str", book.rules["scope.region"].value)


def covered_by(book: Rulebook) -> tuple[str, ...]:
    """Kinds of products that a rulebook covers; all of them where it does not say."""
    rule = book.rules.get("scope.covers")
    return cast("tuple[str, ...]", rule.value) if rule else KINDS


@cache
def fulfilment_books() -> tuple[Rulebook, ...]:
    """All rulebooks of fulfilment, in the order of their days."""
    names: Iterable[str] = (name for name in rulebook_ids() if name.startswith(SERIES))
    return tuple(sorted(map(load_rulebook, names), key=lambda book: (book.in_force_from, book.id)))


def verified_in(region: str, key: str, *, covers: str = DRUGS) -> Rulebook | None:
    """The rulebook that states a rule for exactly that region, surely: nobody may give another.

    Examples:
        >>> verified_in("630000", "supplier.rate_min").id
        'fulfilment-qinghai-2025'
        >>> verified_in("000000", "paid.deadline") is None
        True
    """
    for book in fulfilment_books():
        rule = book.rules.get(key)
        if rule and rule.verified and region_of(book) == region and covers in covered_by(book):
            return book
    return None
