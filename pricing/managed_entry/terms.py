"""What fund and maker agree beside the list price, and how patients follow the price."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tier:
    """The units of a year up to a number are paid at a discount, or at a price of their own.

    Attributes:
        up_to: Last unit of the tier; none for the last tier.
        discount: Part of the list price that is not paid, 0 to 1.
        price: Yuan per unit in place of the list price where that is higher.
    """

    up_to: float | None
    discount: float = 0.0
    price: float | None = None


@dataclass(frozen=True, slots=True)
class OutcomeRebate:
    """The maker pays back part of the price of patients who do not respond.

    Attributes:
        response: Part of the patients who respond, 0 to 1.
        rebate: Part of the price that is paid back for the others, 0 to 1.
    """

    response: float
    rebate: float

    @property
    def paid_part(self) -> float:
        """Part of the price that stays paid on average.

        Examples:
            >>> OutcomeRebate(response=0.6, rebate=0.5).paid_part
            0.8
        """
        return 1 - (1 - self.response) * self.rebate


@dataclass(frozen=True, slots=True)
class ManagedEntry:
    """An agreement that leads from the list price to the net price; each part may be missing.

    Attributes:
        cap: The fund's yearly spend on the drug beyond which the maker refunds; none for no cap.
        refund_share: Part of the excess that is refunded.
        tiers: Of the units of a year, in order; the last one without an end.
        dose_cap_units: Units per patient and year that are paid; further ones are free.
        outcome_rebate: Paid back for patients who do not respond.
    """

    cap: tuple[float, ...] = ()
    refund_share: float = 1.0
    tiers: tuple[Tier, ...] = ()
    dose_cap_units: float | None = None
    outcome_rebate: OutcomeRebate | None = None

    @property
    def depends_on_volume(self) -> bool:
        """Whether the net price depends on how many units are used."""
        return bool(self.cap or self.tiers)

    @property
    def needs_population(self) -> bool:
        """Whether the net price can be told from a budget impact model only."""
        return self.depends_on_volume or self.dose_cap_units is not None


@dataclass(frozen=True, slots=True)
class Elasticity:
    """How the uptake of the negotiated drug follows its price.

    Its share with the drug is the given share times (price / reference price) to the power
    ``value``; the other treatments of the mix shrink or grow in proportion.

    Attributes:
        value: Percent of uptake for a percent of price, not above 0.
        reference_price: The price at which the given share holds.
        share_max: The share is not above it, however low the price.
    """

    value: float
    reference_price: float
    share_max: float = 1.0
