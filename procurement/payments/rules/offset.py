"""What a month pays: goods set off against what the funds owe the hospital, the reserve, the rest.

The amounts follow from the mechanism that sources describe (commission agreement, offset, reserve).
Which fund is set off first, and whether an old debt to the reserve goes before the month's goods,
no source states: the rulebook's options ``direct.fund_order`` and ``direct.refill`` say it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.payments.account_kinds import Fund
from procurement.payments.rules.events import Sources

ZERO = Decimal(0)

BEFORE_GOODS = "before-goods"
AFTER_GOODS = "after-goods"
PAYS_FIRST = "pays-first"


@dataclass(frozen=True, slots=True)
class Position:
    """What there is before a hospital's goods of a month are paid.

    Attributes:
        fund_payable: What each fund owes the hospital.
        reserve: What the reserve can still pay.
        reserve_debt: What the hospital owes the reserve from before.
        pending: Claims against the hospital that cannot be paid yet, since they are not reconciled
            or somebody objects: what the funds owe stays for them.
    """

    fund_payable: Mapping[Fund, Decimal]
    reserve: Decimal = ZERO
    reserve_debt: Decimal = ZERO
    pending: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class OffsetTerms:
    """How the offset is done.

    Attributes:
        fund_order: The funds that are set off, in order; a fund that is not in it is left alone.
        refill: ``before-goods``, ``after-goods`` or ``not-by-offset``: when an old debt to the
            reserve is set off.
        reserve_first: The reserve pays before the funds' debt is touched (Jiangxi).
    """

    fund_order: Sequence[Fund]
    refill: str
    reserve_first: bool = False


@dataclass(frozen=True, slots=True)
class DueClaim:
    """A reconciled claim: its name, and its amount in yuan."""

    key: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PaidClaim:
    """A claim that is paid in full, and the money it is paid with."""

    key: int
    sources: Sources


@dataclass(frozen=True, slots=True)
class OffsetPlan:
    """What comes out.

    Attributes:
        paid: Claims that are paid, in order; each in full.
        waiting: Claims for which there was not enough; none is paid in part.
        refilled: What of the old debt to the reserve is set off, by fund.
        held: What the funds go on owing, by fund, for claims that wait or are pending.
        to_hospital: What is left after that, by fund: it is paid out to the hospital.
        reserve_debt: What the hospital owes the reserve afterwards.
    """

    paid: tuple[PaidClaim, ...]
    waiting: tuple[DueClaim, ...]
    refilled: Sources
    held: Sources
    to_hospital: Sources
    reserve_debt: Decimal

    @property
    def sources(self) -> Sources:
        """All that is paid for goods, by source."""
        return Sources(
            sum((one.sources.employee for one in self.paid), ZERO),
            sum((one.sources.resident for one in self.paid), ZERO),
            sum((one.sources.reserve for one in self.paid), ZERO),
        )

    @property
    def unpaid(self) -> Decimal:
        """What waits."""
        return sum((one.amount for one in self.waiting), ZERO)


class _Purse:
    """What is left of the funds and the reserve while claims are paid."""

    def __init__(self, position: Position, terms: OffsetTerms) -> None:
        self.funds = {one: position.fund_payable.get(one, ZERO) for one in terms.fund_order}
        self.reserve = position.reserve
        self.reserve_first = terms.reserve_first

    @property
    def whole(self) -> Decimal:
        """All that can be spent."""
        return sum(self.funds.values(), ZERO) + self.reserve

    def spend(self, amount: Decimal) -> Sources:
        """Take an amount that is there, in the order of the terms."""
        reserve = ZERO
        if self.reserve_first:
            reserve = min(amount, self.reserve)
        taken = self.from_funds(amount - reserve)
        reserve += amount - reserve - sum(taken.values(), ZERO)
        self.reserve -= reserve
        return Sources(taken.get(Fund.EMPLOYEE, ZERO), taken.get(Fund.RESIDENT, ZERO), reserve)

    def from_funds(self, amount: Decimal) -> dict[Fund, Decimal]:
        """Take as much of an amount as the funds hold."""
        taken: dict[Fund, Decimal] = {}
        for fund, left in self.funds.items():
            taken[fund] = min(amount - sum(taken.values(), ZERO), left)
            self.funds[fund] = left - taken[fund]
        return taken


def plan_offset(position: Position, claims: Sequence[DueClaim], terms: OffsetTerms) -> OffsetPlan:
    """Plan what a hospital's reconciled claims of a month are paid with.

    Claims are paid in the order given, each in full; one for which funds and reserve together do
    not suffice waits, and smaller ones behind it are paid if they fit: what is owed is never paid
    in part, so that a line of an invoice is either paid or not.

    Args:
        position: What there is.
        claims: Reconciled claims, the oldest first.
        terms: How the offset is done.

    Returns:
        The plan; ``paid + waiting`` are the claims, and every yuan that the funds owed is in
        ``sources``, ``refilled``, ``held`` or ``to_hospital``: no hospital gets what its
        companies wait for.

    Examples:
        >>> owed = {Fund.EMPLOYEE: Decimal(800_000)}
        >>> plan = plan_offset(
        ...     Position(owed, reserve=Decimal(500_000)),
        ...     [DueClaim(1, Decimal(950_000))],
        ...     OffsetTerms([Fund.EMPLOYEE, Fund.RESIDENT], refill=AFTER_GOODS),
        ... )
        >>> plan.sources.amount, plan.to_hospital.amount, plan.sources.reserve, plan.reserve_debt
        (Decimal('950000'), Decimal('0'), Decimal('150000'), Decimal('150000'))
    """
    purse = _Purse(position, terms)
    refilled: dict[Fund, Decimal] = {}
    if terms.refill == BEFORE_GOODS:
        refilled = purse.from_funds(position.reserve_debt)
        # What comes back to the reserve can be used at once.
        purse.reserve += sum(refilled.values(), ZERO)
    paid: list[PaidClaim] = []
    waiting: list[DueClaim] = []
    for claim in claims:
        if claim.amount <= purse.whole:
            paid.append(PaidClaim(claim.key, purse.spend(claim.amount)))
        else:
            waiting.append(claim)
    held = purse.from_funds(sum((one.amount for one in waiting), position.pending))
    if terms.refill == AFTER_GOODS:
        refilled = purse.from_funds(position.reserve_debt)
    back = _of_funds(refilled)
    lent = sum((one.sources.reserve for one in paid), ZERO)
    return OffsetPlan(
        paid=tuple(paid),
        waiting=tuple(waiting),
        refilled=back,
        held=_of_funds(held),
        to_hospital=_of_funds({**position.fund_payable, **purse.funds}),
        reserve_debt=position.reserve_debt + lent - back.amount,
    )


@dataclass(frozen=True, slots=True)
class OffsetSums:
    """What can be paid for goods at most, before they are divided into claims.

    Attributes:
        to_companies: Paid to companies.
        to_hospital: What the fund pays the hospital: nothing while something is unpaid.
        reserve_used: Of which lent by the reserve.
        hospital_owes_reserve: What the hospital owes it afterwards.
        unpaid: What neither covers.
    """

    to_companies: Decimal
    to_hospital: Decimal
    reserve_used: Decimal
    hospital_owes_reserve: Decimal
    unpaid: Decimal


def offset_sums(
    *, fund_payable: Decimal, goods_due: Decimal, reserve: Decimal, reserve_debt: Decimal = ZERO
) -> OffsetSums:
    """Set off a sum of goods against a sum that the fund owes, the reserve bridging the rest.

    Claims are paid in full or wait, so that `plan_offset` may leave more unpaid.

    Examples:
        >>> sums = offset_sums(
        ...     fund_payable=Decimal(800), goods_due=Decimal(950), reserve=Decimal(500)
        ... )
        >>> sums.to_companies, sums.to_hospital, sums.reserve_used
        (Decimal('950'), Decimal('0'), Decimal('150'))
    """
    by_fund = min(fund_payable, goods_due)
    lent = min(goods_due - by_fund, reserve)
    return OffsetSums(
        to_companies=by_fund + lent,
        to_hospital=fund_payable - by_fund,
        reserve_used=lent,
        hospital_owes_reserve=reserve_debt + lent,
        unpaid=goods_due - by_fund - lent,
    )


def _of_funds(amounts: Mapping[Fund, Decimal]) -> Sources:
    return Sources(amounts.get(Fund.EMPLOYEE, ZERO), amounts.get(Fund.RESIDENT, ZERO))
