"""A contender: what holds one place in a competition (a firm, firms under one control, a product).

Contenders are the working records of an evaluation: they are made from a bid sheet, filled in by
one stage after the other, and read into outcomes at the end. They never leave ``evaluate``.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from bidding.bid_sheet import Bid, Lot, Quote
from bidding.comparable_price import Scale
from bidding.report import Number, Status, Step
from pricing.money import EXACT, UnitPrice


@dataclass(slots=True)
class Contender:
    """One bid of a lot in the competition.

    Attributes:
        bid: The bid.
        quote: Its standing quote: the one with the lowest comparable price.
        ceiling: Maximum valid declared price per unit of that strength.
        scale: How its prices compare.
        comparable: Its comparable price; None if its price is not known.
        valid: Whether its price is known and not above the ceiling.
        place: Who holds the place: control group, manufacturer or product.
        tie_key: Tie-breaks of the document, smaller first.
        score: Composite score, where bids are ranked by one.
        united_with: The bid that stands for its control group instead of this one.
        rank: Among valid contenders, from 1.
        shortlisted: Whether it is among the places.
        status: The decision so far.
        decided_by: The step that decided.
        offer: The price at which it may still be selected, or was revived.
        chooses_regions: Whether it takes part in the choice of regions.
        grade: Class of the winner (A1, A, B, C), where the document has classes.
    """

    bid: Bid
    quote: Quote
    ceiling: Decimal | None
    scale: Scale
    comparable: Decimal | None
    valid: bool
    place: str
    tie_key: tuple[Decimal, ...] = ()
    score: Decimal | None = None
    united_with: str | None = None
    rank: int | None = None
    shortlisted: bool = False
    status: Status = Status.REJECTED
    decided_by: Step | None = None
    offer: UnitPrice | None = None
    chooses_regions: bool = True
    grade: str | None = None

    @property
    def name(self) -> str:
        """The bid's identifier in the lot."""
        return self.bid.bid

    @property
    def declared(self) -> UnitPrice | None:
        """The declared price of the standing quote."""
        return self.quote.declared_price

    @property
    def known(self) -> Decimal:
        """The comparable price of a contender that has one."""
        if self.comparable is None:
            raise ValueError(f"{self.name}: its price is not known")
        return self.comparable

    @property
    def rank_key(self) -> tuple[Decimal, tuple[Decimal, ...]]:
        """What ranks it: composite score or comparable price, then the tie-breaks."""
        return (self.known if self.score is None else -self.score, self.tie_key)

    def decide(self, status: Status, step: Step) -> Step:
        """Record a decision and the step that made it."""
        self.status = status
        self.decided_by = step
        return step

    def price_at(self, limit: Decimal) -> UnitPrice:
        """The highest valid price that compares at ``limit`` or less."""
        step = self.declared.step if self.declared else UnitPrice(Decimal(1)).step
        units = self.declared.pack_units if self.declared else 1
        pack_price = self.scale.highest_price(limit, step)
        if self.ceiling is not None:
            highest = EXACT.multiply(self.ceiling, Decimal(units))
            pack_price = min(pack_price, highest.quantize(step, "ROUND_FLOOR", EXACT))
        return UnitPrice(pack_price, units)


@dataclass(slots=True)
class Field:
    """The contenders of one competition: a lot, or one group of it.

    Attributes:
        lot: The lot.
        contenders: All of them.
        bidders: How many count for the number of places.
        places: How many may be shortlisted; None for no limit.
        ranked: The valid ones, best first.
        group: Name of the group; None where the lot is one competition.
        steps: What was decided, in order.
    """

    lot: Lot
    contenders: list[Contender]
    bidders: int = 0
    places: int | None = None
    ranked: list[Contender] = field(default_factory=list)
    group: str | None = None
    steps: list[Step] = field(default_factory=list)

    @property
    def shortlist(self) -> list[Contender]:
        """The shortlisted contenders, best first."""
        return [contender for contender in self.ranked if contender.shortlisted]

    def record(self, code: str, clause: str, about: str | None, /, **numbers: Number) -> Step:
        """Add a step and return it."""
        step = Step(code, clause, about, numbers)
        self.steps.append(step)
        return step
