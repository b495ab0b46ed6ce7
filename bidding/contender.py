"""A contender: what holds one place in a competition (a firm, firms under one control, a product).

Contenders are the working records of an evaluation: they are made from a bid sheet, filled in by
one stage after the other, and read into outcomes at the end. They never leave ``evaluate``.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from bidding.bid_sheet import Bid, Lot, Quote
from bidding.comparable_price import Scale
from bidding.conditions import Conditions
from bidding.limit import Limit
from bidding.report import Number, Status, Step
from pricing.money import EXACT, UnitPrice, floor_to_step
from rulebooks.vocabulary import ByNumber

_UNKNOWN = UnitPrice(Decimal(1))


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
        stands_instead: The bid that stands for its place instead of this one.
        rank: Among valid contenders, from 1.
        shortlisted: Whether it is among the places.
        status: The decision so far.
        decided_by: The step that decided.
        offer: The price at which it may still be selected, or was revived.
        chooses_regions: Whether it takes part in the choice of regions.
        grade: Class of the winner (A1, A, B, C), where the document has classes.
        withdrawn: Whether it withdrew after the opening.
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
    stands_instead: "Contender | None" = None
    rank: int | None = None
    shortlisted: bool = False
    status: Status = Status.REJECTED
    decided_by: Step | None = None
    offer: UnitPrice | None = None
    chooses_regions: bool = True
    grade: str | None = None
    withdrawn: bool = False

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

    @property
    def own_order(self) -> tuple[bool, str]:
        """Who stands for a place at equal prices: the firm named like the group, then by name."""
        return (self.bid.manufacturer != self.place, self.name)

    def decide(self, status: Status, step: Step) -> Step:
        """Record a decision and the step that made it."""
        self.status = status
        self.decided_by = step
        return step

    @property
    def pack(self) -> UnitPrice:
        """The declared pack; one unit where the price is not known."""
        return self.quote.declared_price or _UNKNOWN

    def price_at(self, limit: Limit) -> UnitPrice:
        """The highest valid price that compares at ``limit`` or less."""
        pack = self.pack
        return self._valid(pack, self.scale.highest_price(limit, pack.step))

    def price_level(self, limit: Limit) -> UnitPrice:
        """The highest valid price at a price level or under it, with nothing lost by rounding."""
        pack = self.pack
        return self._valid(pack, self.scale.price_level(limit, pack.step))

    def price_of(self, unit_price: Decimal) -> UnitPrice:
        """The highest valid price of its pack that costs at most so much a unit."""
        pack = self.pack
        price = floor_to_step(EXACT.multiply(unit_price, Decimal(pack.pack_units)), pack.step)
        return self._valid(pack, price)

    def _valid(self, pack: UnitPrice, price: Decimal) -> UnitPrice:
        """A pack price, or the highest multiple of its step under the ceiling if that is less."""
        ceiling = self.ceiling
        if ceiling is not None:
            highest = EXACT.multiply(ceiling, Decimal(pack.pack_units))
            if price > highest:
                price = floor_to_step(highest, pack.step)
        return pack.with_pack_price(price)

    @property
    def highest_valid(self) -> UnitPrice | None:
        """The highest price of its pack that is not above the ceiling; None without a ceiling."""
        return None if self.ceiling is None else self.price_of(self.ceiling)


@dataclass(slots=True)
class Field:
    """The contenders of one competition: a lot, or one group of it.

    Attributes:
        lot: The lot.
        conditions: What its shortlisted bids must pass.
        contenders: All of them.
        bidders: How many count for the number of places.
        counts_invalid: Whether bidders without a valid price count.
        places: How many may be shortlisted; None for no limit.
        places_table: Places by number of bidders; None for no limit.
        places_key: The rule that says so.
        ranked: The valid ones, best first.
        group: Name of the group; None where the lot is one competition.
        steps: What was decided, in order.
    """

    lot: Lot
    conditions: Conditions
    contenders: list[Contender]
    bidders: int = 0
    counts_invalid: bool = False
    places: int | None = None
    places_table: ByNumber | None = None
    places_key: str = "places.by_bidders"
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
