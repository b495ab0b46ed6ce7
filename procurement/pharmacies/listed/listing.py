"""The list as it is shown and exported: filtered, each drug with its payment standard."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from procurement.permissions import Actor
from procurement.pharmacies.listed.kinds import (
    CHANGE_NAMES,
    STATE_NAMES,
    STORAGE_NAMES,
    DrugState,
    Storage,
)
from procurement.pharmacies.listed.life import Change
from procurement.pharmacies.listed.service import Listed, listed_on
from procurement.pharmacies.listed.standards import Standard, standards_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a list is asked for.

    Attributes:
        region: Whose list.
        day: On which day.
        state: Only drugs in this state; None for all.
        text: Part of a generic name, brand or catalogue number.
        known_on: As the public knows it on that day.
    """

    region: str
    day: date
    state: DrugState | None = None
    text: str = ""
    known_on: date | None = None


def found(session: Session, *, wanted: Wanted) -> list[Listed]:
    """Return the drugs that are asked for."""
    every = listed_on(
        session,
        region=wanted.region,
        day=wanted.day,
        states=None if wanted.state is None else (wanted.state,),
        known_on=wanted.known_on,
    )
    text = wanted.text.casefold()
    return [one for one in every if not text or _says(one, text)]


def _says(listed: Listed, text: str) -> bool:
    drug = listed.drug
    return any(
        text in part.casefold()
        for part in (drug.generic_product.name, drug.brand, drug.catalogue_number)
    )


def standards_for(
    session: Session, *, rows: Sequence[Listed], wanted: Wanted, actor: Actor
) -> Mapping[int, Standard]:
    """Return payment standards of the drugs shown, by generic product."""
    return standards_of(
        session,
        generic_product_ids=[one.drug.generic_product_id for one in rows],
        region=wanted.region,
        day=wanted.day,
        actor=actor,
    )


LIST_HEADS = (
    ("通用名", "generic name"),
    ("目录剂型", "catalogue form"),
    ("商品名", "brand"),
    ("目录编号", "catalogue number"),
    ("管理类别", "state"),
    ("开始日期", "starts"),
    ("截止日期", "ends"),
    ("限定支付范围", "payment limits"),
    ("适用诊断编码", "codes of diagnoses"),
    ("最低支付标准（元/包装）", "lowest payment standard (yuan per pack)"),
    ("最高支付标准（元/包装）", "highest payment standard (yuan per pack)"),
    ("支付标准截止日期", "payment standard ends"),
    ("协议开始日期", "agreement starts"),
    ("协议截止日期", "agreement ends"),
    ("先行自付比例", "share paid first by the insured"),
    ("职工基金支付比例", "share of the employees' fund"),
    ("居民基金支付比例", "share of the residents' fund"),
    ("须待遇登记", "registration needed"),
    ("登记材料", "papers for the registration"),
    ("再评估间隔（月）", "months between assessments"),
    ("储存条件", "storage"),
)
"""Headings of the exported list."""


def list_rows(
    rows: Iterable[Listed], standards: Mapping[int, Standard], *, language: str
) -> Iterator[list[str]]:
    """Return the list as rows of texts, the headings first."""
    side = 1 if language == "en" else 0
    yield [head[side] for head in LIST_HEADS]
    for one in rows:
        drug, period = one.drug, one.period
        standard = standards.get(drug.generic_product_id)
        yield [
            drug.generic_product.name,
            drug.generic_product.printed_form,
            drug.brand,
            drug.catalogue_number,
            STATE_NAMES[DrugState(period.state)][side],
            str(period.starts_on),
            _shown(period.ends_on),
            period.indication_limits,
            " ".join(one.indication_codes),
            "" if standard is None else _decimal(standard.lowest),
            "" if standard is None else _decimal(standard.highest),
            "" if standard is None else _shown(standard.ends_on),
            _shown(period.agreement_starts_on),
            _shown(period.agreement_ends_on),
            _decimal(period.self_pay_share),
            _decimal(period.employee_share),
            _decimal(period.resident_share),
            ("是", "yes")[side] if period.registration_needed else ("否", "no")[side],
            "；".join(one.papers),
            _shown(period.reevaluation_months),
            STORAGE_NAMES[Storage(period.storage)][side] if period.storage else "",
        ]


CHANGE_HEADS = (
    ("日期", "day"),
    ("变化", "change"),
    ("通用名", "generic name"),
    ("目录剂型", "catalogue form"),
    ("商品名", "brand"),
    ("原类别", "state before"),
    ("现类别", "state after"),
    ("决定编号", "number of the decision"),
    ("文件", "document"),
)
"""Headings of the exported changes."""


def change_rows(changes: Iterable[Change], *, language: str) -> Iterator[list[str]]:
    """Return changes as rows of texts, the headings first."""
    side = 1 if language == "en" else 0
    yield [head[side] for head in CHANGE_HEADS]
    for one in changes:
        before, after = one.state_before, one.state_after
        yield [
            str(one.day),
            CHANGE_NAMES[one.kind][side],
            one.drug.generic_product.name,
            one.drug.generic_product.printed_form,
            one.drug.brand,
            "" if before is None else STATE_NAMES[before][side],
            "" if after is None else STATE_NAMES[after][side],
            one.decision.number,
            one.decision.document,
        ]


def _shown(value: object | None) -> str:
    return "" if value is None else str(value)


def _decimal(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
