"""Who may hold the keys of a round, and how many of them must open it together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from procurement.errors import FieldFault

QUORUM_MIN = 2
HOLDERS_MAX = 15
"""More holders than this have not been tried; a share is made for each."""

INTERESTED_KINDS = frozenset({"manufacturer", "distributor", "pharmacy"})
"""Kinds of organisations that bid, or sell what was bid: none of them holds a key."""


@dataclass(frozen=True, slots=True)
class Holder:
    """An organisation that is to hold a key.

    Attributes:
        organisation_id: The organisation.
        name: For messages.
        kind: `procurement.accounts.tables.OrganisationKind`.
        is_active: Whether its people can sign in.
        controllers: Organisations that control it, itself among them.
    """

    organisation_id: int
    name: str
    kind: str
    is_active: bool = True
    controllers: frozenset[int] = frozenset()


def holder_faults(holders: Sequence[Holder], quorum: int | None) -> tuple[FieldFault, ...]:
    """Find what is wrong with the keyholders of a round.

    At least two open the bids together, so that nobody reads early alone; and there is at least
    one more than needed, so that one who is absent does not block the opening. They come from
    different institutions: none is there twice, none controls another, and no two are under the
    same control.

    Args:
        holders: In the order of their seats.
        quorum: How many open together (k of n); None where it is not set.

    Returns:
        One fault for each thing that is wrong, at ``keyholders`` or ``quorum``.

    Examples:
        >>> trio = [Holder(number, f"机构{number}", "keyholder") for number in (1, 2, 3)]
        >>> holder_faults(trio, 2)
        ()
        >>> [fault.en for fault in holder_faults(trio, 3)]
        ['3 of 3 could not open if one were absent: expected at least 4 keyholders.']
    """
    return (*_number_faults(len(holders), quorum), *_identity_faults(holders))


def _number_faults(number: int, quorum: int | None) -> Iterator[FieldFault]:
    if quorum is None:
        yield FieldFault("quorum", "请填写开启所需人数。", "Enter how many open the bids together.")
        return
    if quorum < QUORUM_MIN:
        yield FieldFault(
            "quorum",
            f"至少 {QUORUM_MIN} 方共同开启，任何一方都不能单独读取报价。",
            f"At least {QUORUM_MIN} open together, so that nobody reads the bids alone.",
        )
    elif number < quorum + 1:
        yield FieldFault(
            "keyholders",
            f"{number} 方持有、{quorum} 方开启，缺一方即无法开启：至少须有 {quorum + 1} 方。",
            f"{quorum} of {number} could not open if one were absent: expected at least "
            f"{quorum + 1} keyholders.",
        )
    if number > HOLDERS_MAX:
        yield FieldFault("keyholders", f"至多 {HOLDERS_MAX} 方。", f"At most {HOLDERS_MAX}.")


def _identity_faults(holders: Sequence[Holder]) -> Iterator[FieldFault]:
    for holder in holders:
        if holder.kind in INTERESTED_KINDS:
            yield FieldFault(
                "keyholders",
                f"{holder.name}是申报、配送或销售一方，不能持有密钥。",
                f"{holder.name} bids, distributes or sells, and cannot hold a key.",
            )
        if not holder.is_active:
            yield FieldFault(
                "keyholders",
                f"{holder.name}已停用，无法登录。",
                f"{holder.name} is deactivated and cannot sign in.",
            )
    for one, other in combinations(holders, 2):
        if one.organisation_id == other.organisation_id:
            zh, en = f"{one.name}出现两次。", f"{one.name} is there twice."
            yield FieldFault("keyholders", zh, en)
        elif one.controllers & other.controllers:
            yield FieldFault(
                "keyholders",
                f"{one.name}与{other.name}受同一控制，须来自不同机构。",
                f"{one.name} and {other.name} are under one control: expected different "
                "institutions.",
            )


def controllers_of(
    organisation_id: int, controlled_by: Mapping[int, Sequence[int]]
) -> frozenset[int]:
    """Return an organisation with all that control it, directly or through others.

    Args:
        organisation_id: The organisation.
        controlled_by: For each organisation, those that control it directly.

    Examples:
        >>> sorted(controllers_of(1, {1: [2], 2: [3], 3: [1]}))
        [1, 2, 3]
    """
    found: set[int] = set()
    waiting = [organisation_id]
    while waiting:
        present = waiting.pop()
        if present not in found:
            found.add(present)
            waiting.extend(controlled_by.get(present, ()))
    return frozenset(found)
