"""The bid sheet: the facts of a round as it was opened, before any rule is applied.

Prices are in yuan for one minimal unit (tablet, vial, bag), volumes in minimal units a year.
Everything here is immutable, so that a sheet can be evaluated under many rulebooks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pricing.money import UnitPrice


class DosageForm(StrEnum):
    """Kind of preparation (剂型); absolute low prices depend on it."""

    ORAL_SOLID = "oral-solid"
    SMALL_INJECTION = "small-injection"
    LARGE_INJECTION = "large-injection"
    OTHER = "other"


class Category(StrEnum):
    """Category of a product (品种类别) for the share of the base volume that is agreed."""

    GENERAL = "general"
    RESTRICTED = "restricted"
    """Antibiotics, some steroids and others with a lower share."""
    SPECIAL = "special"
    """Special-grade antimicrobials and the list for rational use."""


@dataclass(frozen=True, slots=True)
class Strength:
    """One strength (规格) of a lot.

    Attributes:
        label: As written in the files, such as ``10mg``.
        ratio: Content relative to the lot's main strength, above zero.
        price_ceiling: Maximum valid declared price in yuan per unit of this strength, if any.
    """

    label: str
    ratio: Decimal
    price_ceiling: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot (采购品种): the bids in it compete with each other.

    Attributes:
        lot: Identifier in the round.
        product: Generic name and dosage form.
        strengths: By label, in the order of the document.
        dosage_form: Given where a rule needs it.
        category: General unless given.
        daily_dose: Minimal units of the main strength a day, for daily cost.
    """

    lot: str
    product: str
    strengths: Mapping[str, Strength]
    dosage_form: DosageForm | None = None
    category: Category = Category.GENERAL
    daily_dose: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A price that a bid declares for one strength.

    Attributes:
        strength: Label of the strength, as in the lot.
        declared_price: None where the firm bid and its price is not known.
    """

    strength: str
    declared_price: UnitPrice | None


@dataclass(frozen=True, slots=True)
class Bid:
    """What one manufacturer declared for one product in one lot.

    Attributes:
        lot: The lot it is for.
        bid: Identifier in the lot; the manufacturer's name unless it has several products.
        manufacturer: The marketing authorisation holder, or its domestic agent.
        quotes: One for each strength it bids, in the order of the lot's strengths.
        is_originator: Originator or reference product (原研药、参比制剂).
        control_group: Name shared by firms under one control (控股、管理关系); None if alone.
        joint_bid: Name shared by the members of a joint bid (联合体申报); None if alone.
        group: Competition group such as A or B, if the round has any.
        capacity: Units of the main strength it can make in a year.
        supplies: Labels of the strengths that it can supply; None means all.
        regions_covered: Regions in which it delivered before; a tie-break.
        prior_supply: Units that it supplied before in the round's regions; a tie-break.
        passed_on: Day on which it passed the consistency evaluation; a tie-break.
        cost_statement: Whether it stated its cost parts; None if not given.
        quality_score: Score of quality and supply given by the evaluators, 0-100.
    """

    lot: str
    bid: str
    manufacturer: str
    quotes: tuple[Quote, ...]
    is_originator: bool = False
    control_group: str | None = None
    joint_bid: str | None = None
    group: str | None = None
    capacity: int | None = None
    supplies: frozenset[str] | None = None
    regions_covered: int | None = None
    prior_supply: int | None = None
    passed_on: date | None = None
    cost_statement: bool | None = None
    quality_score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Volume:
    """Reported need of one region (or hospital in it) for one strength of a lot.

    Attributes:
        region: Province or city that chooses a supplier.
        lot: The lot.
        strength: Label as reported; it may be spelled otherwise than in the lot.
        ratio: Content relative to the lot's main strength; joins the lot's strengths.
        base_volume: Minimal units for the first year (首年约定采购量计算基数).
        brand: Manufacturer asked for by name; None if reported by generic name.
        hospital: Who reported it, if given.
    """

    region: str
    lot: str
    strength: str
    ratio: Decimal
    base_volume: int
    brand: str | None = None
    hospital: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a winner's list of preferred regions, most preferred first."""

    lot: str
    bid: str
    order: int
    region: str
    spare: bool = False


class QuestionKind(StrEnum):
    """What people may be asked after the opening."""

    REVIVE = "revive"
    """Does the bidder accept the offered price?"""
    TIE = "tie"
    """Which of the tied bids takes the place? Answered for each bid, by a person."""
    CUT = "cut"
    """Does the bidder grant the cut (and name a price)?"""
    WITHDRAW = "withdraw"
    """Has the bidder withdrawn after the opening?"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered after the opening.

    Attributes:
        lot: The lot.
        bid: The bid that the question was about.
        question: What was asked.
        answer: Yes or no.
        price: The new price in yuan per minimal unit, where one was named.
    """

    lot: str
    bid: str
    question: QuestionKind
    answer: bool
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """A procurement round (采购批次) as it was opened.

    Attributes:
        title: What the round is called.
        rulebook: Identifier of the rulebook that governs it.
        opened_on: Day of the opening, if known.
        lots: In the order of their identifiers.
        bids: In the order of lot and identifier.
        volumes: Reported need.
        choices: Preferences for regions; empty where only numbers of regions are known.
        options: Values that the round supplies for rules its rulebook leaves open, by rule.
    """

    title: str
    rulebook: str
    opened_on: date | None
    lots: tuple[Lot, ...]
    bids: tuple[Bid, ...]
    volumes: tuple[Volume, ...] = ()
    choices: tuple[Choice, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)
