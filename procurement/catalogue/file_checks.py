"""Faults between the lines of one file: the same thing twice, or one thing told in two ways."""

from collections.abc import Callable, Hashable, Iterator, Sequence

from procurement.catalogue.reading import LineFault
from procurement.catalogue.rules import BY_KEY, ProductFacts
from procurement.catalogue.standing import Standing

Told = Sequence[tuple[int, ProductFacts]]
"""Facts of a file with the row of each."""

_SHARED_BY_GENERIC = ("kind", "dosage_form", "category", "unit")
_SHARED_BY_NUMBER = (
    "evaluation",
    "evaluated_on",
    "is_originator",
    "is_reference",
    "approved_on",
    "approval_ends_on",
)


def file_faults(told: Told, standing: Standing) -> Iterator[LineFault]:
    """Find what contradicts an earlier line of the same file.

    Args:
        told: Facts without faults of their own, in the order of the file.
        standing: Read for them: it knows which names are one firm.

    Yields:
        A fault at the later line, naming the earlier one.
    """
    yield from _repeated(told, "pack_units", lambda facts: _pack(facts, standing))
    yield from _repeated(told, "drug_code", lambda facts: facts.drug_code)
    yield from _repeated(told, "consumable_code", lambda facts: facts.consumable_code)
    yield from _contradicting(
        told, lambda facts: (facts.name, facts.printed_form), _SHARED_BY_GENERIC
    )
    yield from _contradicting(told, lambda facts: facts.approval_number, _SHARED_BY_NUMBER)
    yield from _number_of_another(told, standing)


def _pack(facts: ProductFacts, standing: Standing) -> Hashable:
    return (
        _firm(facts, standing),
        facts.name,
        facts.printed_form,
        facts.strength,
        facts.approval_number,
        facts.pack_units,
        facts.pack,
    )


def _firm(facts: ProductFacts, standing: Standing) -> Hashable:
    # One line may name a firm, another give its credit code.
    holder = standing.organisation(facts.holder)
    return facts.holder if holder is None else holder.id


def _repeated(
    told: Told, column: str, key_of: Callable[[ProductFacts], Hashable]
) -> Iterator[LineFault]:
    first: dict[Hashable, int] = {}
    for row, facts in told:
        key = key_of(facts)
        if not key:
            continue
        earlier = first.setdefault(key, row)
        if earlier != row:
            yield LineFault(
                row,
                column,
                f"与第 {earlier} 行重复。",
                f"Says the same as row {earlier}.",
            )


def _contradicting(
    told: Told, key_of: Callable[[ProductFacts], Hashable], columns: Sequence[str]
) -> Iterator[LineFault]:
    first: dict[Hashable, tuple[int, ProductFacts]] = {}
    for row, facts in told:
        key = key_of(facts)
        if not key:
            continue
        earlier, known = first.setdefault(key, (row, facts))
        for column in columns:
            if getattr(facts, column) != getattr(known, column):
                zh, en = BY_KEY[column].zh, BY_KEY[column].en
                yield LineFault(
                    row,
                    column,
                    f"“{zh}”与第 {earlier} 行不一致。",
                    f"“{en}” contradicts row {earlier}.",
                )


def _number_of_another(told: Told, standing: Standing) -> Iterator[LineFault]:
    first: dict[str, tuple[int, Hashable]] = {}
    for row, facts in told:
        if not facts.approval_number:
            continue
        owner = (_firm(facts, standing), facts.name, facts.printed_form)
        earlier, known = first.setdefault(facts.approval_number, (row, owner))
        if known != owner:
            yield LineFault(
                row,
                "approval_number",
                f"第 {earlier} 行以同一文号登记了另一持有人或通用名。",
                f"Row {earlier} has this number for another holder or generic product.",
            )
