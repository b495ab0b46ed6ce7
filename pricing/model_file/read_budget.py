"""Reads ``[population]``, ``[uptake]``, ``[fund]`` and ``[[treatment]]``."""

from collections.abc import Sequence

from pricing.faults import quoted
from pricing.model_file import quantities
from pricing.model_file.budget_layout import (
    PRICE,
    BudgetLayout,
    CohortsLayout,
    CurveLayout,
    FunnelLayout,
    Paths,
    TreatmentLayout,
)
from pricing.model_file.document import Section
from pricing.model_file.inputs import Input, Register
from pricing.model_file.tables import NOTES, Row, read_table

YEARS_MAX = 100
CURVES = ("linear", "step", "logistic", "table")
ROUNDINGS = ("none", "half-even")


def read_budget(top: Section, register: Register, negotiated: str) -> BudgetLayout | None:
    """Read the budget impact; none where the model has no population."""
    population = top.section("population")
    if population is None:
        for key in ("uptake", "fund", "treatment"):
            if key in top.raw:
                top.fault(key, "没有 [population]", "stands without [population]: expected both")
        return None
    years = population.whole("years", least=1, most=YEARS_MAX)
    treatments = _treatments(top, register, years, negotiated)
    return BudgetLayout(
        years=years,
        population=_population(population, register, years),
        factors=_factors(population, register),
        curve=_curve(top, register, years),
        payment_ratio=_payment_ratio(top, register),
        treatments=treatments,
        rounding=population.choice("patient_rounding", ROUNDINGS, "none"),
        negotiated=negotiated,
    )


def _population(section: Section, register: Register, years: int) -> FunnelLayout | CohortsLayout:
    shared = ("years", "patient_rounding", "funnel")
    if "cohorts" in section.raw:
        section.check_keys(*shared, "cohorts", "retention")
        return _cohorts(section, register, years)
    section.check_keys(*shared, "size", "growth", "cohorts", "retention")
    if "retention" in section.raw:
        section.fault("retention", "没有 cohorts", "stands without cohorts: expected both")
    return FunnelLayout(
        size=register.number(section, "size", quantities.PEOPLE),
        growth=register.number(section, "growth", quantities.GROWTH, 0.0),
    )


def _factors(section: Section, register: Register) -> Paths:
    if "funnel" not in section.raw:
        return ()
    inner = section.section("funnel")
    if inner is None:
        return ()
    return tuple(register.number(inner, key, quantities.PART) for key in inner.raw)


def _cohorts(section: Section, register: Register, years: int) -> CohortsLayout:
    rows = read_table(section, "cohorts", ("year",), ("incident", "prevalent", "exits", *NOTES))
    by_year = _by_year(section, "cohorts", rows, years)
    paths: dict[str, list[str | None]] = {"incident": [], "prevalent": [], "exits": []}
    for year in range(1, years + 1):
        for column, found in paths.items():
            row = by_year.get(year)
            path = f"population.cohorts.{column}.{year}"
            is_carried = column == "prevalent" and year > 1
            if row is not None and row[column]:
                register.cell(row, column, path, quantities.PEOPLE)
            elif is_carried:
                found.append(None)
                continue
            else:
                zero = register.expression(0, section.place("cohorts"))
                if zero is not None:
                    place = section.place("cohorts")
                    register.add(Input(path, zero, quantities.PEOPLE, place, is_default=True))
            found.append(path)
    return CohortsLayout(
        incident=tuple(path for path in paths["incident"] if path),
        prevalent=tuple(paths["prevalent"]),
        exits=tuple(path for path in paths["exits"] if path),
        retention=_retention(section, register),
    )


def _retention(section: Section, register: Register) -> Paths:
    raw = section.raw.get("retention")
    if raw is None:
        return ()
    if not isinstance(raw, list) or not raw:
        section.fault("retention", "应为一列比例", "expected a list of parts")
        return ()
    return register.yearly(section, "retention", quantities.PART, years=len(raw))


def _by_year(section: Section, key: str, rows: Sequence[Row], years: int) -> dict[int, Row]:
    """The rows by year; a missing, unknown or repeated year is a fault."""
    found: dict[int, Row] = {}
    for row in rows:
        text = row["year"]
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= years:
            section.faults.add(
                row.place("year"),
                f"{quoted(text)}；应为 1–{years} 的年",
                f"{quoted(text)}: expected a year from 1 to {years}",
            )
        elif int(text) in found:
            section.faults.add(
                row.place("year"), f"第 {text} 年重复", f"year {text} is there twice: expected once"
            )
        else:
            found[int(text)] = row
    for year in range(1, years + 1):
        if year not in found and rows:
            section.fault(
                key,
                f"缺第 {year} 年；应有第 1–{years} 年",
                f"year {year} is missing: expected years 1 to {years}",
            )
    return found


def _curve(top: Section, register: Register, years: int) -> CurveLayout:
    section = top.section("uptake")
    if section is None:
        # Without a curve the mix with the drug holds from the first year on.
        full = Section(top.document, ("uptake",), {"years_to_full": 1})
        return CurveLayout("linear", (register.number(full, "years_to_full", quantities.POSITIVE),))
    kind = section.choice("curve", CURVES, "linear")
    if kind == "table":
        section.check_keys("curve", "table")
        return CurveLayout(kind, _curve_table(section, register, years))
    names = ("steepness", "half_at") if kind == "logistic" else ("years_to_full",)
    section.check_keys("curve", *names)
    return CurveLayout(
        kind, tuple(register.number(section, name, quantities.POSITIVE) for name in names)
    )


def _curve_table(section: Section, register: Register, years: int) -> Paths:
    if not isinstance(section.raw.get("table"), str):
        paths = register.yearly(section, "table", quantities.PART, years=years)
        return paths if len(paths) == years else paths * years
    found: list[str] = []
    rows = read_table(section, "table", ("year", "part"), NOTES)
    for year, row in sorted(_by_year(section, "table", rows, years).items()):
        path = f"uptake.table.{year}"
        register.cell(row, "part", path, quantities.PART)
        found.append(path)
    return tuple(found)


def _payment_ratio(top: Section, register: Register) -> str:
    section = top.section("fund") or Section(top.document, ("fund",), {})
    section.check_keys("payment_ratio")
    return register.number(section, "payment_ratio", quantities.PART, 1.0)


def _treatments(
    top: Section, register: Register, years: int, negotiated: str
) -> tuple[TreatmentLayout, ...]:
    found: dict[str, TreatmentLayout] = {}
    for section in top.sections("treatment"):
        name = section.text("name")
        if name in found:
            section.fault("name", f"{name} 重复", f"{name} is there twice: expected each name once")
        elif name:
            named = Section(section.document, section.path, section.raw, f"treatment.{name}")
            found[name] = _treatment(named, register, years, name, negotiated)
    if negotiated and negotiated not in found:
        top.fault(
            "treatment",
            f"没有谈判药品 {negotiated} 的 [[treatment]]",
            f"none is named {negotiated}: expected one for the negotiated drug",
        )
    return tuple(found.values())


def _treatment(
    section: Section, register: Register, years: int, name: str, negotiated: str
) -> TreatmentLayout:
    is_negotiated = name == negotiated
    section.check_keys(
        *("name", "price", "units_a_year", "other_cost", "offset", "share_without", "share_with")
    )
    if is_negotiated and "price" in section.raw:
        section.fault(
            "price",
            "谈判药品的价格是 negotiated.price；此处不应再给",
            "the price of the negotiated drug is negotiated.price: expected none here",
        )
    price = (
        (PRICE,)
        if is_negotiated
        else register.yearly(section, "price", quantities.PRICE, years=years, default=0.0)
    )

    def yearly(key: str, quantity: quantities.Quantity, default: float | None) -> Paths:
        return register.yearly(section, key, quantity, years=years, default=default)

    return TreatmentLayout(
        name=name,
        price=price,
        units_a_year=yearly("units_a_year", quantities.UNITS, 1.0),
        other_cost=yearly("other_cost", quantities.COST, 0.0),
        offset=yearly("offset", quantities.COST, 0.0),
        share_without=yearly("share_without", quantities.SHARE, 0.0),
        share_with=yearly("share_with", quantities.SHARE, 0.0),
    )
