"""The tables ``[managed_entry]`` and ``[elasticity]`` of a model."""

import math
from itertools import pairwise

from pricing.managed_entry.terms import Elasticity, ManagedEntry, OutcomeRebate, Tier
from pricing.plain_table import PlainTable, Table


def read_managed_entry(table: Table, *, years: int) -> ManagedEntry:
    """Read an agreement from plain values.

    Args:
        table: The table ``[managed_entry]``, its expressions worked out.
        years: Of the budget impact; a cap by year has as many values.

    Raises:
        ModelFaultsError: With every fault; the paths start inside the table.

    Examples:
        >>> read_managed_entry({"cap": 100.0}, years=2).cap
        (100.0, 100.0)
    """
    reader = PlainTable(table)
    cap = reader.numbers("cap", length=years) if reader.has("cap") else ()
    if any(value < 0 for value in cap):
        reader.fault("cap", "上限为负", "is negative: expected 0 or more")
    agreement = ManagedEntry(
        cap=cap,
        refund_share=reader.number("refund_share", default=1.0, at_least=0, at_most=1),
        tiers=_tiers(reader),
        dose_cap_units=reader.optional_number("dose_cap_units", at_least=0),
        outcome_rebate=_outcome_rebate(reader),
    )
    reader.finish()
    return agreement


def _outcome_rebate(reader: PlainTable) -> OutcomeRebate | None:
    if not reader.has("outcome_rebate"):
        return None
    inside = reader.table("outcome_rebate")
    rebate = OutcomeRebate(
        response=inside.number("response", at_least=0, at_most=1),
        rebate=inside.number("rebate", at_least=0, at_most=1),
    )
    inside.check_keys()
    return rebate


def _tiers(reader: PlainTable) -> tuple[Tier, ...]:
    if not reader.has("tiers"):
        return ()
    rows = reader.tables("tiers")
    tiers = tuple(_tier(row, is_last=row is rows[-1]) for row in rows)
    ends = [0.0, *(math.inf if tier.up_to is None else tier.up_to for tier in tiers)]
    if any(end <= start for start, end in pairwise(ends)):
        reader.fault(
            "tiers", "各档的终点应逐档增大", "ends that do not grow: expected each above the last"
        )
    return tiers


def _tier(row: PlainTable, *, is_last: bool) -> Tier:
    if is_last and row.has("up_to"):
        row.fault("up_to", "最后一档不设终点", "the last tier has an end: expected none")
    if not is_last and not row.has("up_to"):
        row.fault(
            "up_to", "缺少；只有最后一档不设终点", "is missing: only the last tier has no end"
        )
    tier = Tier(
        up_to=row.optional_number("up_to", at_least=0),
        discount=row.number("discount", default=0.0, at_least=0, at_most=1),
        price=row.optional_number("price", at_least=0),
    )
    if row.has("price") and row.has("discount"):
        row.fault(
            "price", "price 与 discount 只能给其一", "beside discount: expected one of the two"
        )
    row.check_keys()
    return tier


def read_elasticity(table: Table, *, price: float) -> Elasticity:
    """Read how uptake follows the price.

    Args:
        table: The table ``[elasticity]``, its expressions worked out.
        price: Under discussion, at which the given shares hold unless the table says otherwise.

    Raises:
        ModelFaultsError: With every fault; the paths start inside the table.

    Examples:
        >>> read_elasticity({"value": -0.5}, price=100.0)
        Elasticity(value=-0.5, reference_price=100.0, share_max=1.0)
    """
    reader = PlainTable(table)
    elasticity = Elasticity(
        value=reader.number("value", at_most=0),
        reference_price=reader.number("reference_price", default=price, above=0),
        share_max=reader.number("share_max", default=1.0, above=0, at_most=1),
    )
    reader.finish()
    return elasticity
