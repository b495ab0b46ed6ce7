"""What is known about a product, read from the strings of a form or of a line of a file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bidding.bid_sheet import Category, DosageForm
from procurement.catalogue.kinds import Evaluation, ProductKind, ProductStatus
from procurement.catalogue.rules.approval import approval_fault, normal_approval_number
from procurement.catalogue.rules.cells import (
    plain_text,
    read_day,
    read_flag,
    read_pack_units,
    read_word,
)
from procurement.catalogue.rules.codes import (
    consumable_code_fault,
    drug_code_fault,
    normal_code,
    standard_code_fault,
)
from procurement.catalogue.rules.columns import (
    CATEGORY_WORDS,
    COLUMNS,
    EVALUATION_WORDS,
    FORM_WORDS,
    KIND_WORDS,
    STATUS_WORDS,
    Column,
)
from procurement.catalogue.rules.wrong import Wrong
from procurement.errors import FieldFault


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """A product as it was described, every value of its own type.

    Attributes are those of `GenericProduct`, `ProductStrength` and `Product` of the same names;
    ``holder`` and ``maker`` name an organisation by its credit code or its full name, and
    ``dosage_form`` is None where it was not given: it is then read from the name.
    """

    kind: ProductKind
    name: str
    printed_form: str
    dosage_form: DosageForm | None
    category: Category
    unit: str
    strength: str
    pack_units: int
    pack: str
    holder: str
    maker: str
    brand: str
    approval_number: str
    drug_code: str
    standard_code: str
    consumable_code: str
    evaluation: Evaluation
    evaluated_on: date | None
    is_originator: bool
    is_reference: bool
    status: ProductStatus
    approved_on: date | None
    approval_ends_on: date | None


_READ: Mapping[str, Callable[[str], object]] = {
    "kind": lambda raw: read_word(raw, KIND_WORDS, ProductKind.CHEMICAL),
    "dosage_form": lambda raw: (
        read_word(raw, FORM_WORDS, DosageForm.OTHER) if plain_text(raw) else None
    ),
    "category": lambda raw: read_word(raw, CATEGORY_WORDS, Category.GENERAL),
    "pack_units": read_pack_units,
    "approval_number": normal_approval_number,
    "drug_code": normal_code,
    "standard_code": normal_code,
    "consumable_code": normal_code,
    "evaluation": lambda raw: read_word(raw, EVALUATION_WORDS, Evaluation.NOT_APPLICABLE),
    "evaluated_on": read_day,
    "is_originator": read_flag,
    "is_reference": read_flag,
    "status": lambda raw: read_word(raw, STATUS_WORDS, ProductStatus.ACTIVE),
    "approved_on": read_day,
    "approval_ends_on": read_day,
}
"""Columns that are more than text."""

GENERIC_COLUMNS = frozenset({"kind", "name", "printed_form", "dosage_form", "category", "unit"})
"""Columns that belong to the generic product."""

_EMPTY = Wrong("必填，此处为空。", "Must be given, and is empty.")


def read_product(raw: Mapping[str, str]) -> tuple[ProductFacts | None, list[FieldFault]]:
    """Read a product from strings, and find everything that is wrong with them.

    Args:
        raw: By the keys of `COLUMNS`; a missing key counts as empty.

    Returns:
        The facts, or None where there are faults; and the faults in the order of the columns.

    Examples:
        >>> facts, faults = read_product({
        ...     "name": "阿那曲唑", "printed_form": "片剂", "unit": "片", "strength": "1mg",
        ...     "pack_units": "14", "holder": "示例药业有限公司",
        ...     "approval_number": "国药准字H20203001",
        ... })
        >>> facts.pack_units, faults
        (14, [])
        >>> [fault.field for fault in read_product({"name": "阿那曲唑"})[1]]
        ['unit', 'strength', 'pack_units', 'holder', 'approval_number']
    """
    values, found = _read_columns(raw, COLUMNS)
    for key, wrong in _contradictions(values):
        found.setdefault(key, wrong)
    faults = _in_order(found)
    return (None if faults else ProductFacts(**values)), faults


def generic_product_values(raw: Mapping[str, str]) -> tuple[dict[str, Any], list[FieldFault]]:
    """Read the columns that describe a generic product by itself.

    Examples:
        >>> values, faults = generic_product_values({"name": "阿那曲唑", "unit": "片"})
        >>> values["kind"], values["dosage_form"], faults
        (<ProductKind.CHEMICAL: 'chemical'>, None, [])
    """
    columns = tuple(column for column in COLUMNS if column.key in GENERIC_COLUMNS)
    values, found = _read_columns(raw, columns)
    return values, _in_order(found)


def _read_columns(
    raw: Mapping[str, str], columns: tuple[Column, ...]
) -> tuple[dict[str, Any], dict[str, Wrong]]:
    values: dict[str, Any] = {}
    found: dict[str, Wrong] = {}
    for column in columns:
        text = plain_text(raw.get(column.key, ""))
        value = _READ.get(column.key, plain_text)(text)
        if column.is_needed and not text:
            value = _EMPTY
        elif column.limit and len(text) > column.limit:
            value = _too_long(len(text), column.limit)
        if isinstance(value, Wrong):
            found[column.key] = value
        values[column.key] = value
    return values, found


def _in_order(found: Mapping[str, Wrong]) -> list[FieldFault]:
    keys = [column.key for column in COLUMNS if column.key in found]
    return [FieldFault(key, found[key].zh, found[key].en) for key in keys]


def _contradictions(values: Mapping[str, Any]) -> Iterator[tuple[str, Wrong]]:
    """Faults that show only when several columns are looked at together."""
    kind = values["kind"]
    if isinstance(kind, ProductKind):
        yield from _number_faults(values, kind)
    evaluation, evaluated_on = values["evaluation"], values["evaluated_on"]
    if isinstance(evaluated_on, date) and evaluation not in (Evaluation.PASSED, Evaluation.DEEMED):
        yield (
            "evaluated_on",
            Wrong(
                "未通过一致性评价的产品不应有过评日期。",
                "A product that has not passed cannot have a day of passing.",
            ),
        )
    begins, ends = values["approved_on"], values["approval_ends_on"]
    if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
        yield (
            "approval_ends_on",
            Wrong("早于批准日期。", "Lies before the day of approval."),
        )


def _number_faults(values: Mapping[str, Any], kind: ProductKind) -> Iterator[tuple[str, Wrong]]:
    faults = {"approval_number": approval_fault(values["approval_number"], kind=kind)}
    if values["drug_code"]:
        faults["drug_code"] = drug_code_fault(values["drug_code"], kind=kind)
    if values["standard_code"]:
        faults["standard_code"] = standard_code_fault(values["standard_code"])
    if values["consumable_code"]:
        faults["consumable_code"] = consumable_code_fault(values["consumable_code"], kind=kind)
    for key, wrong in faults.items():
        if wrong is not None:
            yield key, wrong


def _too_long(length: int, limit: int) -> Wrong:
    return Wrong(f"共 {length} 个字符：最多 {limit} 个。", f"{length} characters: at most {limit}.")
