"""A matter as somebody described it in a form: read, checked, its firms and products found."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import is_division
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.catalogue.rules import normal_approval_number, normal_code
from procurement.catalogue.tables import Product
from procurement.credit_rating.rules import MatterFacts, NoScaleError, accepts, scale_on
from procurement.credit_rating.words import (
    BASIS_WORDS,
    MATTER_WORDS,
    Basis,
    Circumstance,
    Matter,
)
from procurement.database import MONEY_MAX
from procurement.errors import FieldFault, InvalidInputError

Word = TypeVar("Word", bound=StrEnum)

DOCUMENT_MAX = 300
MONTHS_MAX = 1200
RATED_KINDS = (OrganisationKind.MANUFACTURER, OrganisationKind.DISTRIBUTOR)
"""Kinds of organisations that are rated: makers, holders and those who deliver."""

_SEPARATORS = re.compile(r"[\s,，;；、]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A matter, every value of its own type; the columns of `CreditMatter` describe them."""

    organisation: Organisation
    committed_by: Organisation | None
    region: str
    facts: MatterFacts
    basis: Basis
    document: str
    found_on: date
    description: str
    in_force_from: date
    ends_on: date | None
    products: Sequence[Product]

    def columns(self) -> dict[str, Any]:
        """The values of the columns that do not depend on the grade."""
        facts = self.facts
        return {
            "organisation_id": self.organisation.id,
            "committed_by_id": self.committed_by.id if self.committed_by else None,
            "region": self.region,
            "matter": facts.matter,
            "largest_single": facts.largest_single,
            "cumulated": facts.cumulated,
            "lasted_months": facts.lasted_months,
            "sales": facts.sales,
            "circumstances": " ".join(sorted(facts.circumstances)),
            "basis": self.basis,
            "document": self.document,
            "found_on": self.found_on,
            "description": self.description,
            "in_force_from": self.in_force_from,
            "ends_on": self.ends_on,
        }


@dataclass(slots=True)
class _Reader:
    """Reads fields one by one and collects what is wrong with them."""

    session: Session
    raw: Mapping[str, str]
    faults: list[FieldFault] = field(default_factory=list)

    def text(self, name: str, *, limit: int = 0, is_needed: bool = False) -> str:
        value = self.raw.get(name, "").strip()
        if is_needed and not value:
            self.wrong(name, "必填，此处为空。", "Must be given, and is empty.")
        elif limit and len(value) > limit:
            self.wrong(name, f"最多 {limit} 个字。", f"At most {limit} characters.")
        return value

    def wrong(self, name: str, zh: str, en: str) -> None:
        self.faults.append(FieldFault(name, zh, en))

    def word(self, name: str, words: Mapping[Word, tuple[str, str]]) -> Word | None:
        value = self.text(name)
        found = next((word for word in words if word.value == value), None)
        if found is None:
            self.wrong(name, "请从所列选项中选择一项。", "Choose one of the options.")
        return found

    def day(self, name: str, *, is_needed: bool = False) -> date | None:
        value = self.text(name, is_needed=is_needed)
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.wrong(name, "应为日期，形如 2026-11-22。", "Expected a day like 2026-11-22.")
            return None

    def money(self, name: str) -> Decimal | None:
        value = self.text(name).replace(",", "")
        if not value:
            return None
        try:
            amount = Decimal(value)
        except InvalidOperation:
            amount = Decimal(-1)
        if not amount.is_finite() or not 0 <= amount <= MONEY_MAX or _decimals(amount) > 4:
            self.wrong(
                name,
                "应为不小于 0 的金额（元），最多 4 位小数。",
                "Expected an amount in yuan, from 0, with at most 4 decimals.",
            )
            return None
        return amount

    def months(self, name: str) -> int | None:
        value = self.text(name)
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and int(value[:6]) <= MONTHS_MAX):
            self.wrong(
                name,
                f"应为 0 至 {MONTHS_MAX} 的整数（月）。",
                f"Expected a whole number of months up to {MONTHS_MAX}.",
            )
            return None
        return int(value)

    def firm(self, name: str, *, is_needed: bool = False) -> Organisation | None:
        value = self.text(name, is_needed=is_needed)
        if not value:
            return None
        named = or_(Organisation.credit_code == value.upper(), Organisation.name == value)
        found = self.session.scalars(select(Organisation).where(named)).all()
        if len(found) != 1:
            self.wrong(
                name,
                f"“{value}”：应为一家已登记企业的全称或统一社会信用代码。",
                f"“{value}”: expected the full name or credit code of one registered firm.",
            )
            return None
        if found[0].kind not in RATED_KINDS:
            self.wrong(
                name,
                "只对生产企业（持有人）和配送企业评级。",
                "Only manufacturers (holders) and distributors are rated.",
            )
        return found[0]

    def products(self, name: str) -> list[Product]:
        """Products named by approval number (all packs of it) or by code."""
        found: dict[int, Product] = {}
        for word in filter(None, _SEPARATORS.split(self.text(name))):
            number, code = normal_approval_number(word), normal_code(word)
            # A label alone leaves no number, and products without one would all be meant.
            named = or_(
                Product.approval_number == (number or code),
                Product.drug_code == code,
                Product.consumable_code == code,
            )
            products = self.session.scalars(select(Product).where(named)).all()
            if not products:
                self.wrong(
                    name,
                    f"目录中没有文号或代码为“{word}”的产品。",
                    f"The catalogue has no product with the number or code “{word}”.",
                )
            found.update({product.id: product for product in products})
        return list(found.values())


def described_matter(session: Session, raw: Mapping[str, str]) -> Described:
    """Read and check a matter.

    Args:
        session: Any session.
        raw: ``organisation`` and ``committed_by`` (credit code or full name), ``region``,
            ``matter``, ``largest_single``, ``cumulated``, ``lasted_months``, ``sales``,
            ``circumstances`` (words joined with spaces), ``basis``, ``document``, ``found_on``,
            ``description``, ``in_force_from``, ``ends_on``, ``products`` (approval numbers or
            codes).

    Returns:
        The matter.

    Raises:
        InvalidInputError: With every fault.
    """
    reader = _Reader(session, raw)
    values: dict[str, Any] = {
        "organisation": reader.firm("organisation", is_needed=True),
        "committed_by": reader.firm("committed_by"),
        "region": reader.text("region", is_needed=True),
        "facts": _facts(reader),
        "basis": reader.word("basis", BASIS_WORDS),
        "document": reader.text("document", limit=DOCUMENT_MAX, is_needed=True),
        "found_on": reader.day("found_on", is_needed=True),
        "description": reader.text("description"),
        "in_force_from": reader.day("in_force_from", is_needed=True),
        "ends_on": reader.day("ends_on"),
        "products": reader.products("products"),
    }
    reader.faults.extend(_contradictions(values))
    if reader.faults:
        raise InvalidInputError(reader.faults)
    return Described(**values)


def _facts(reader: _Reader) -> MatterFacts | None:
    matter = reader.word("matter", MATTER_WORDS)
    circumstances = frozenset(
        circumstance
        for circumstance in Circumstance
        if circumstance in reader.text("circumstances").split()
    )
    amounts = {name: reader.money(name) for name in ("largest_single", "cumulated", "sales")}
    months = reader.months("lasted_months")
    if matter is None:
        return None
    facts = MatterFacts(matter=matter, circumstances=circumstances, lasted_months=months, **amounts)
    single, cumulated = facts.largest_single, facts.cumulated
    if matter in (Matter.BRIBERY, Matter.TAX) and not reader.text("cumulated"):
        reader.wrong("cumulated", "请填写涉案累计金额。", "Give the sum of the case.")
    elif single is not None and cumulated is not None and single > cumulated:
        reader.wrong(
            "largest_single",
            "单笔金额不能大于累计金额。",
            "A single sum cannot be more than the sum of the case.",
        )
    return facts


def _contradictions(values: Mapping[str, Any]) -> Iterator[FieldFault]:
    region, begins, ends = values["region"], values["in_force_from"], values["ends_on"]
    if region and not (is_division(region) and region[2:] == "0000" and region[:2] != "00"):
        yield FieldFault("region", "由省级评定，请选择省份。", "Provinces rate: choose a province.")
    found_on, basis = values["found_on"], values["basis"]
    if begins and ends and ends < begins:
        yield FieldFault("ends_on", "早于评级生效日。", "Lies before the first day of the grade.")
    if begins and found_on and begins < found_on:
        yield FieldFault(
            "in_force_from", "早于所依据文书的日期。", "Lies before the day of the document."
        )
    if begins:
        yield from _scale_faults(begins, basis)


def _scale_faults(begins: date, basis: Basis | None) -> Iterator[FieldFault]:
    try:
        scale = scale_on(begins)
    except NoScaleError:
        yield FieldFault(
            "in_force_from",
            "信用评价自 2020 年 11 月 18 日起施行，此前没有评级标准。",
            "Credit rating began on 18 November 2020; before it there was no scale.",
        )
        return
    if basis is not None and not accepts(basis, scale):
        yield FieldFault(
            "basis",
            "评级当日施行的标准不以此类案源为依据。",
            "The scale of that day does not rest on such findings.",
        )


def _decimals(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
